"""What a caller sees of bots who is held to some accounts; accounts, who knows him, is played."""

import secrets
from collections.abc import AsyncIterator, Sequence

import httpx
import pytest

from aviary_common.access import Scope
from aviary_common.access.messages import IdentifyUser, PrincipalFound
from aviary_common.bus import Bus
from aviary_common.database import Database
from aviary_common.errors import Unauthorized
from aviary_local.testing import Servers
from aviary_orchestration.runs import store
from aviary_orchestration.runs.states import DeploymentStatus, RunStatus
from aviary_orchestration.runs.store import NewRun, Run
from aviary_testing.buses import bus_settings

RUNS = "/bot-orchestration/bot-runs"
Login = tuple[str, str]


@pytest.fixture
async def runs(database: Database) -> AsyncIterator[Sequence[Run]]:
    """One on the caller's account, and one on another."""
    asked = f"own-{secrets.token_hex(4)}"
    async with database.transaction() as connection:
        added = [
            await store.add(
                connection, NewRun(f"{asked}-{name}", asked, "script", "wave", None, name, "an/image:1", {})
            )
            for name in ("mine", "theirs")
        ]
        for run in added:
            await store.change(
                connection, run.id, deployment_status=DeploymentStatus.DEPLOYED, run_status=RunStatus.RUNNING
            )
    yield added
    async with database.transaction() as connection:
        for run in added:
            await store.remove(connection, run.id)


@pytest.fixture
async def held(servers: Servers) -> AsyncIterator[Login]:
    login = (f"held-{secrets.token_hex(4)}", secrets.token_hex(12))

    async def identify(question: IdentifyUser) -> PrincipalFound:
        if (question.name, question.password.get_secret_value()) != login:
            raise Unauthorized("nobody")
        return PrincipalFound(name=login[0], scope=Scope.TRADE, accounts=["mine"])

    bus = await Bus.connect(bus_settings(servers, "accounts"))
    await bus.answer(IdentifyUser, identify)
    yield login
    await bus.close()


async def test_only_ones_own_runs_are_listed(api: httpx.AsyncClient, runs: Sequence[Run], held: Login) -> None:
    mine, theirs = runs
    answer = (await api.get(RUNS, params={"limit": 1000}, auth=held)).json()
    assert {run["account_name"] for run in answer["data"]} == {"mine"}
    everybody = (await api.get(RUNS, params={"limit": 1000})).json()
    assert {mine.bot_name, theirs.bot_name} <= {run["bot_name"] for run in everybody["data"]}
    assert (await api.get(f"{RUNS}/{mine.id}", auth=held)).status_code == 200
    assert (await api.get(f"{RUNS}/{theirs.id}", auth=held)).status_code == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/bot-orchestration/{bot}/status"),
        ("GET", "/bot-orchestration/{bot}/logs"),
        ("GET", "/bot-orchestration/{bot}/events"),
        ("GET", "/bot-orchestration/{bot}/diagnosis"),
        ("POST", "/bot-orchestration/stop-and-archive-bot/{bot}"),
        ("POST", "/bot-orchestration/stop-bot"),
        ("POST", "/bot-orchestration/start-bot"),
        ("GET", "/controllers/bots/{bot}/configs"),
        ("POST", "/controllers/bots/{bot}/some/config"),
    ],
)
async def test_anothers_bot_is_not_touched(
    api: httpx.AsyncClient, runs: Sequence[Run], held: Login, method: str, path: str
) -> None:
    mine, theirs = runs
    refused = await api.request(method, path.format(bot=theirs.bot_name), json={"bot_name": theirs.bot_name}, auth=held)
    assert (refused.status_code, refused.json()["code"]) == (403, "account_not_allowed")
    unknown = await api.request(method, path.format(bot="nobody-1"), json={"bot_name": "nobody-1"}, auth=held)
    assert unknown.status_code == 404
    if method == "GET":
        assert (await api.get(path.format(bot=mine.bot_name), auth=held)).status_code != 403


async def test_the_status_of_all_is_that_of_ones_own(api: httpx.AsyncClient, runs: Sequence[Run], held: Login) -> None:
    mine, theirs = runs
    await api.get(f"/bot-orchestration/{mine.bot_name}/status")
    seen = (await api.get("/bot-orchestration/status", auth=held)).json()["data"]
    assert theirs.bot_name not in seen
    everything = (await api.get("/bot-orchestration/status")).json()["data"]
    assert set(seen) == {name for name in everything if name == mine.bot_name}
