"""What a run may become, as a table.

``desired`` is what the user asked for last; ``run_status`` what is known of the bot; ``deployment_status`` what is
known of its container and folder.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from aviary_common.errors import Conflict


class Desired(StrEnum):
    RUNNING = "running"
    STOPPED = "stopped"
    ARCHIVED = "archived"


class RunStatus(StrEnum):
    CREATED = "CREATED"
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"
    ERROR = "ERROR"


class DeploymentStatus(StrEnum):
    DEPLOYING = "DEPLOYING"
    DEPLOYED = "DEPLOYED"
    ARCHIVED = "ARCHIVED"
    FAILED = "FAILED"


ACTIVE: Final = (RunStatus.CREATED, RunStatus.RUNNING)

NEXT: Final[Mapping[DeploymentStatus, frozenset[DeploymentStatus]]] = {
    DeploymentStatus.DEPLOYING: frozenset({DeploymentStatus.DEPLOYED, DeploymentStatus.FAILED}),
    DeploymentStatus.DEPLOYED: frozenset({DeploymentStatus.ARCHIVED}),
    DeploymentStatus.ARCHIVED: frozenset(),
    DeploymentStatus.FAILED: frozenset(),
}


def refuse_move(bot: str, now: DeploymentStatus, then: DeploymentStatus) -> None:
    if then not in NEXT[now]:
        raise Conflict(f"{bot} is {now} and cannot become {then}.", code="bot_state")
