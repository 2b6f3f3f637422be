"""What is wrong with a bot: plain rules on what was asked for, what Docker has, and what was heard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aviary_orchestration.engine.containers import Container
from aviary_orchestration.runs.states import DeploymentStatus, Desired
from aviary_orchestration.runs.store import Run

SILENT_S: Final = 22.0
"""A bot pulses every 10 s: two pulses are missing."""
CRASHES: Final = 2
"""Restarts by Docker that make a loop."""


class Kind(StrEnum):
    ORPHAN = "orphan"
    MISSING = "missing"
    ENDED = "ended"
    ZOMBIE = "zombie"
    CRASH_LOOP = "crash_loop"
    SILENT = "silent"


@dataclass(frozen=True)
class Problem:
    bot_name: str
    kind: Kind
    detail: str


@dataclass(frozen=True)
class Seen:
    """One bot as Docker and the broker show it. ``up_s`` and ``silent_s`` are ages; restarts are Docker's own."""

    container: Container | None
    up_s: float = 0.0
    restarts: int = 0
    exit_code: int | None = None
    silent_s: float = 0.0
    is_trading: bool = False


NOTHING: Final = Seen(None)


def problems(runs: Sequence[Run], seen: Mapping[str, Seen]) -> list[Problem]:
    """``seen`` holds every container of ours and every bot that was heard lately."""
    deployed = {run.bot_name: run for run in runs}
    found = [problem for run in runs if (problem := _of_run(run, seen.get(run.bot_name, NOTHING)))]
    orphans = (name for name, each in seen.items() if name not in deployed and _is_or_may_be_up(each.container))
    return [*found, *(Problem(name, Kind.ORPHAN, "Its container has no bot run that is deployed.") for name in orphans)]


def _of_run(run: Run, seen: Seen) -> Problem | None:
    """The worst one. A deployment under way is left alone."""
    if run.deployment_status is not DeploymentStatus.DEPLOYED:
        return None
    if run.desired is not Desired.RUNNING:
        return _though_stopped(run, seen)
    if seen.container is None:
        return Problem(run.bot_name, Kind.MISSING, "It should run, and there is no container.")
    if seen.container.status == "restarting" or (seen.restarts >= CRASHES and seen.up_s < SILENT_S):
        words = f"Docker has restarted it {seen.restarts} times; the last exit code was {seen.exit_code}."
        return Problem(run.bot_name, Kind.CRASH_LOOP, words)
    if not seen.container.is_up:
        words = f"It should run; its container is {seen.container.status} with exit code {seen.exit_code}."
        return Problem(run.bot_name, Kind.CRASH_LOOP if seen.restarts >= CRASHES else Kind.ENDED, words)
    if min(seen.silent_s, seen.up_s) >= SILENT_S:
        return Problem(run.bot_name, Kind.SILENT, "Its container runs, and it says nothing.")
    return None


def _is_or_may_be_up(container: Container | None) -> bool:
    """What has ended for good does no harm: it waits to be removed."""
    return container is not None and container.status not in ("exited", "dead", "removing")


def _though_stopped(run: Run, seen: Seen) -> Problem | None:
    if seen.container is not None and seen.container.is_up and seen.is_trading and seen.silent_s < SILENT_S:
        return Problem(run.bot_name, Kind.ZOMBIE, f"It should be {run.desired}, and it still trades.")
    return None
