"""One process of the stack as the supervisor sees it: what to run, after what, and how to tell that it works."""

from collections.abc import Callable
from dataclasses import dataclass

from aviary_local.command import Command, Probe


def nothing() -> None:
    """For parts that have nothing to prepare."""


@dataclass(frozen=True)
class Part:
    """`needs` are groups that must be ready first, `follows` groups that are only waited for while they try.

    `prepare` and `after_ready` block; they run in a thread before every start and at every readiness.
    """

    name: str
    group: str
    port: int
    command: Callable[[], Command]
    probe: Probe
    needs: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    prepare: Callable[[], None] = nothing
    after_ready: Callable[[], None] = nothing
    replica: int = 0
    essential: bool = False


def replica_name(group: str, replica: int) -> str:
    return group if replica == 0 else f"{group}-{replica + 1}"
