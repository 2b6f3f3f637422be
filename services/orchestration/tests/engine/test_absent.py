"""No Docker engine: that is said, with what to do, and nothing else suffers."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from aviary_common.database import Database
from aviary_local.testing import Servers
from aviary_orchestration.app import create
from aviary_orchestration.runs import store as runs
from aviary_orchestration.runs.states import DeploymentStatus
from aviary_orchestration.runs.store import NewRun
from aviary_testing.apps import environment, running_app

BOT = "engineless-20260101-000000"


@pytest.fixture(scope="module")
async def alone(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """A replica that looks for its engine where none is."""
    nowhere = tmp_path_factory.mktemp("nowhere") / "docker.sock"
    variables = environment(servers, "orchestration") | {"DOCKER_HOST": f"unix://{nowhere}"}
    async with running_app(create, variables) as client:
        yield client


@pytest.fixture
async def bot(database: Database) -> AsyncIterator[str]:
    """A bot that was deployed when there was an engine."""
    new = NewRun(BOT, "engineless", "script", "quiet_script", None, "master_account", "an/image:1", {})
    async with database.transaction() as connection:
        run = await runs.add(connection, new)
        await runs.change(connection, run.id, deployment_status=DeploymentStatus.DEPLOYED)
    yield BOT
    async with database.single() as connection:
        await runs.remove(connection, run.id)


async def test_running_is_false(alone: httpx.AsyncClient) -> None:
    answer = await alone.get("/docker/running")
    assert (answer.status_code, answer.json()) == (200, False)


DEPLOYMENT = {"instance_name": "x", "script": "y", "controllers_config": ["z"]}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/docker/available-images/", None),
        ("GET", "/docker/active-containers", None),
        ("GET", "/docker/exited-containers", None),
        ("POST", "/docker/clean-exited-containers", None),
        ("POST", "/docker/pull-image/", {"image_name": "an/image"}),
        ("POST", "/docker/start-container/x", None),
        ("POST", "/docker/containers/x/stop", None),
        ("POST", "/docker/remove-container/x", None),
        ("POST", "/docker/archive-container/x", None),
        ("DELETE", "/docker/containers/x", None),
        ("GET", "/docker/containers/x/logs", None),
        ("GET", "/docker/containers/x/logs/follow", None),
        ("POST", "/bot-orchestration/deploy-v2-script", DEPLOYMENT),
        ("POST", "/bot-orchestration/deploy-v2-controllers", DEPLOYMENT),
        ("POST", f"/bot-orchestration/stop-and-archive-bot/{BOT}", None),
        ("POST", "/bot-orchestration/stop-bot", {"bot_name": BOT}),
        ("POST", "/bot-orchestration/start-bot", {"bot_name": BOT}),
        ("GET", f"/bot-orchestration/{BOT}/history", None),
    ],
)
async def test_everything_that_needs_it_says_what_to_do(
    alone: httpx.AsyncClient, bot: str, method: str, path: str, body: Any
) -> None:
    answer = await alone.request(method, path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (503, "docker_away")
    assert "start it, or set AVIARY_DOCKER_HOST" in answer.json()["detail"]


async def test_what_is_known_without_it_is_still_told(alone: httpx.AsyncClient, bot: str) -> None:
    for path in ("status", f"{bot}/status", f"{bot}/diagnosis", "bot-runs", "mqtt"):
        assert (await alone.get(f"/bot-orchestration/{path}")).status_code == 200
    assert (await alone.get("/docker/pull-status")).json() == {"pull_operations": {}, "total_operations": 0}
    diagnosis = (await alone.get(f"/bot-orchestration/{bot}/diagnosis")).json()
    assert (diagnosis["container"], diagnosis["problems"]) == (None, []), "not known to be missing"
