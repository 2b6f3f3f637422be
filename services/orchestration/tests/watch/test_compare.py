"""What is wrong with a bot, as a table."""

from datetime import UTC, datetime
from typing import Any

import pytest

from aviary_orchestration.engine.containers import Container
from aviary_orchestration.runs.states import DeploymentStatus, Desired, RunStatus
from aviary_orchestration.runs.store import Run
from aviary_orchestration.watch.compare import Kind, Problem, Seen, problems

RUN: dict[str, Any] = {
    "id": 1,
    "bot_name": "bot",
    "asked_name": "bot",
    "deployed_at": datetime(2026, 1, 1, tzinfo=UTC),
    "stopped_at": None,
    "strategy_type": "script",
    "strategy_name": "wave",
    "config_name": None,
    "account_name": "master_account",
    "image_version": None,
    "desired": Desired.RUNNING,
    "deployment_status": DeploymentStatus.DEPLOYED,
    "run_status": RunStatus.RUNNING,
    "deployment_config": {},
    "final_status": None,
    "error_message": None,
}


def run(**changes: Any) -> Run:
    return Run(**RUN | changes)


def container(status: str = "running") -> Container:
    return Container("0" * 64, "bot", status, "an/image:1", {})


def seen(status: str = "running", **values: Any) -> Seen:
    return Seen(container(status), **{"up_s": 3600.0, "is_trading": True} | values)


STOPPED, ARCHIVED = {"desired": Desired.STOPPED}, {"desired": Desired.ARCHIVED}


@pytest.mark.parametrize(
    ("changes", "now", "kind"),
    [
        ({}, seen(), None),
        ({}, seen(silent_s=21.9), None),
        ({}, seen(silent_s=22.0), Kind.SILENT),
        ({}, seen(silent_s=3600.0, up_s=10.0), None),
        ({}, seen("paused", silent_s=60.0), Kind.SILENT),
        ({}, seen("exited", exit_code=0), Kind.ENDED),
        ({}, seen("created"), Kind.ENDED),
        ({}, seen("dead", exit_code=137), Kind.ENDED),
        ({}, seen("exited", exit_code=3, restarts=2), Kind.CRASH_LOOP),
        ({}, seen("restarting", exit_code=3, restarts=1), Kind.CRASH_LOOP),
        ({}, seen(restarts=1, up_s=1.0), None),
        ({}, seen(restarts=2, up_s=1.0), Kind.CRASH_LOOP),
        ({}, seen(restarts=2, up_s=22.0), None),
        ({}, Seen(None), Kind.MISSING),
        (STOPPED, seen(), Kind.ZOMBIE),
        (STOPPED, seen(is_trading=False), None),
        (STOPPED, seen(silent_s=22.0), None),
        (STOPPED, seen("exited", is_trading=False), None),
        (STOPPED, Seen(None), None),
        (ARCHIVED, Seen(None), None),
        (ARCHIVED, seen(), Kind.ZOMBIE),
        ({"deployment_status": DeploymentStatus.DEPLOYING}, Seen(None), None),
        ({"deployment_status": DeploymentStatus.DEPLOYING}, seen("created"), None),
    ],
)
def test_one_bot(changes: dict[str, Any], now: Seen, kind: Kind | None) -> None:
    found = problems([run(**changes)], {"bot": now})
    assert [each.kind for each in found] == ([] if kind is None else [kind])


def test_the_exit_code_is_told() -> None:
    (ended,) = problems([run()], {"bot": seen("exited", exit_code=137)})
    assert ended == Problem("bot", Kind.ENDED, "It should run; its container is exited with exit code 137.")


def test_a_bot_that_nobody_has_seen_is_missing() -> None:
    assert [each.kind for each in problems([run()], {})] == [Kind.MISSING]


def test_a_container_without_a_run_is_an_orphan_and_a_bot_that_is_only_heard_is_none() -> None:
    found = problems([run()], {"bot": seen(), "stray": seen(), "heard": Seen(None)})
    assert [(each.bot_name, each.kind) for each in found] == [("stray", Kind.ORPHAN)]
