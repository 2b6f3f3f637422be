"""What one stream of market data listens to, whoever reads it."""

from collections.abc import Callable
from typing import Protocol

from aviary_exchange.ccxt_adapter.raw import Raw


class Feed(Protocol):
    version: int
    """Rises with every change."""
    changed: Callable[[], None]
    """Called after every change."""

    async def run(self) -> None:
        """Subscribe, and listen until something fails."""
        ...

    async def unwatch(self) -> None:
        """Unsubscribe at the venue, where it can."""
        ...


class EventFeed(Feed, Protocol):
    """One that reads the venue's own messages."""

    def take(self, event: Raw) -> None:
        """May raise; the stream then ends with that."""
        ...


def nobody() -> None: ...
