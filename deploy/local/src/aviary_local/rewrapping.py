"""Has the accounts service wrap all credentials with the config password of now."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final, Protocol

from aviary_common.bus import Bus
from aviary_common.errors import AviaryError
from aviary_local.errors import LaunchError
from aviary_messages.questions import CredentialKey, RewrapCredentials, RewrapProgress

BATCH_DEADLINE_S: Final = 30.0
PATIENCE_S: Final = 90.0
ASK_AGAIN_S: Final = 0.5


class Watcher(Protocol):
    """Who shows how far it is."""

    def step(self, what: str, done: int, total: int) -> None: ...


@dataclass
class Outcome:
    total: int = 0
    rewrapped: int = 0
    current: int = 0
    refused: list[CredentialKey] = field(default_factory=list)
    services: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return not self.refused


async def rewrap_all(bus: Bus, watcher: Watcher, *, renew: bool) -> Outcome:
    """Until a whole round finds nothing left to do: only then nobody needs the old password. ``renew``: also those that
    need nothing get new salts."""
    outcome = await _round(bus, watcher, renew=renew)
    while outcome.complete:
        again = await _round(bus, watcher, renew=False)
        outcome.rewrapped += again.rewrapped
        outcome.total, outcome.refused = again.total, again.refused
        if not again.rewrapped:
            break
    outcome.current = outcome.total - outcome.rewrapped - len(outcome.refused)
    return outcome


async def _round(bus: Bus, watcher: Watcher, *, renew: bool) -> Outcome:
    outcome, seen, after = Outcome(), 0, None
    while True:
        batch = await _ask(bus, RewrapCredentials(after=after, renew=renew))
        outcome.total = batch.total
        outcome.rewrapped += batch.rewrapped
        outcome.refused += batch.refused
        seen += batch.rewrapped + batch.current + len(batch.refused)
        watcher.step("credentials wrapped anew", min(seen, batch.total), batch.total)
        if (after := batch.next) is None:
            return outcome


async def _ask(bus: Bus, question: RewrapCredentials) -> RewrapProgress:
    """Again and again for a while: an accounts service that died is started again, and repeating is harmless."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return await bus.ask(question, deadline_s=BATCH_DEADLINE_S)
        except AviaryError as error:
            if time.monotonic() > deadline:
                raise LaunchError(
                    f"{error.detail}. Nothing is lost: run the command again, it goes on from here."
                ) from None
            await asyncio.sleep(ASK_AGAIN_S)
