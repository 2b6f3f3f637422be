"""Bot runs as they are asked for."""

import secrets
from collections.abc import AsyncIterator, Sequence

import httpx
import pytest

from aviary_common.database import Database
from aviary_orchestration.folder import BotsFolder
from aviary_orchestration.runs import store
from aviary_orchestration.runs.states import DeploymentStatus, Desired, RunStatus
from aviary_orchestration.runs.store import NewRun, Run

RUNS = "/bot-orchestration/bot-runs"


@pytest.fixture
async def runs(database: Database) -> AsyncIterator[Sequence[Run]]:
    """Two of one name, the older archived, and a failed one of another account."""
    asked = f"runs-{secrets.token_hex(4)}"
    async with database.transaction() as connection:
        added = [
            await store.add(connection, new)
            for new in (
                NewRun(f"{asked}-1", asked, "script", "wave", "day", asked, "an/image:1", {"pace": 1}),
                NewRun(f"{asked}-2", asked, "controller", "pmm", "day", asked, "an/image:1", {}),
                NewRun(f"{asked}-other", f"{asked}-o", "controller", "pmm", None, f"{asked}-b", "an/image:1", {}),
            )
        ]
        first, second, third = added
        archived = {"deployment_status": DeploymentStatus.ARCHIVED, "run_status": RunStatus.STOPPED}
        await store.change(
            connection, first.id, desired=Desired.ARCHIVED, final_status={"status": "running"}, **archived
        )  # type: ignore[arg-type]
        await store.change(
            connection, second.id, deployment_status=DeploymentStatus.DEPLOYED, run_status=RunStatus.ERROR
        )
        await store.change(connection, third.id, deployment_status=DeploymentStatus.FAILED, run_status=RunStatus.ERROR)
        found = [run for each in added if (run := await store.get(connection, each.id))]
    yield found
    async with database.transaction() as connection:
        for run in added:
            await store.remove(connection, run.id)


async def names(api: httpx.AsyncClient, **wanted: object) -> list[str]:
    answer = (await api.get(RUNS, params={**wanted})).json()  # type: ignore[arg-type]
    assert answer["status"] == "success"
    assert answer["total"] >= len(answer["data"])
    return [run["bot_name"] for run in answer["data"]]


async def test_runs_are_filtered_newest_first_without_case(api: httpx.AsyncClient, runs: Sequence[Run]) -> None:
    first, second, other = (run.bot_name for run in runs)
    asked = runs[0].asked_name
    assert await names(api, bot_name=asked.upper()) == [second, first]
    assert await names(api, bot_name=first) == [first]
    assert await names(api, account_name=asked) == [second, first]
    assert await names(api, account_name=asked, strategy_type="SCRIPT") == [first]
    assert await names(api, account_name=asked, strategy_name="pmm") == [second]
    assert await names(api, account_name=asked, run_status="stopped") == [first]
    assert await names(api, account_name=asked, deployment_status="deployed") == [second]
    assert await names(api, account_name=f"{asked}-b", deployment_status="FAILED") == [other]
    assert await names(api, bot_name="nobody", include_final_status="false") == []


async def test_pages_tell_how_many_there_are(api: httpx.AsyncClient, runs: Sequence[Run]) -> None:
    page = (await api.get(RUNS, params={"account_name": runs[0].account_name, "limit": 1, "offset": 1})).json()
    assert [run["id"] for run in page["data"]] == [runs[0].id]
    assert (page["total"], page["limit"], page["offset"]) == (2, 1, 1)


@pytest.mark.parametrize("wanted", [{"limit": 0}, {"limit": "x"}, {"offset": -1}, {"offset": 10**9}])
async def test_pages_that_do_not_exist_are_422(api: httpx.AsyncClient, wanted: dict[str, str]) -> None:
    assert (await api.get(RUNS, params=wanted)).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        f"{RUNS}?bot_name=%00",
        f"{RUNS}?account_name=%00",
        "/bot-orchestration/controller-performance-latest?bot_name=%00",
        "/bot-orchestration/controller-performance-history?controller_id=%00",
    ],
)
async def test_a_filter_that_the_database_does_not_take_is_422(api: httpx.AsyncClient, path: str) -> None:
    assert (await api.get(path)).status_code == 422


async def test_one_run(api: httpx.AsyncClient, runs: Sequence[Run]) -> None:
    found = (await api.get(f"{RUNS}/{runs[0].id}")).json()["data"]
    assert (found["bot_name"], found["instance_name"]) == (runs[0].bot_name, runs[0].bot_name)
    assert (found["deployment_config"], found["final_status"]) == ('{"pace":1}', '{"status":"running"}')
    assert (await api.get(f"{RUNS}/{2**62}")).status_code == 404
    assert (await api.get(f"{RUNS}/{2**64}")).status_code == 422
    assert (await api.get(f"{RUNS}/one")).status_code == 422


async def test_counts(api: httpx.AsyncClient, runs: Sequence[Run]) -> None:
    found = (await api.get(f"{RUNS}/stats")).json()["data"]
    assert found["total_runs"] == sum(found["strategy_type_counts"].values()) == sum(found["status_counts"].values())
    assert found["strategy_type_counts"]["script"] >= 1
    assert found["status_counts"]["ERROR"] >= 2
    active = found["status_counts"].get("CREATED", 0) + found["status_counts"].get("RUNNING", 0)
    assert found["active_runs"] == active


async def test_only_what_has_ended_is_forgotten(
    api: httpx.AsyncClient, runs: Sequence[Run], folder: BotsFolder
) -> None:
    archived, deployed, failed = runs
    (folder.archived / archived.bot_name / "data").mkdir(parents=True)
    refused = await api.delete(f"{RUNS}/{deployed.id}")
    assert (refused.status_code, refused.json()["code"]) == (409, "bot_deployed")
    answers = [(await api.delete(f"{RUNS}/{run.id}")).json() for run in (archived, failed)]
    assert [(each["bot_name"], each["archived_folder_deleted"]) for each in answers] == [
        (archived.bot_name, True),
        (failed.bot_name, False),
    ]
    assert not (folder.archived / archived.bot_name).exists()
    assert (await api.delete(f"{RUNS}/{archived.id}")).status_code == 404
