"""A feed at work, and whoever waits for it."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

import structlog

from aviary_common.rates.budget import Priority
from aviary_exchange.ccxt_adapter.hooks import Call, tracked
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.ccxt_adapter.stream_feed import Feed
from aviary_exchange.errors import VenueUnavailable

FeedT = TypeVar("FeedT", bound=Feed)

_log = structlog.get_logger(__name__)


class Channel(Generic[FeedT]):
    def __init__(self, session: Session, feed: FeedT, ended: Callable[["Channel[FeedT]"], None]) -> None:
        self.feed = feed
        self.listeners = 0
        self._session = session
        self._tell_end = ended
        self._waiting: set[asyncio.Future[None]] = set()
        self._reason: Exception | None = None
        self._is_cut = False
        """What the feed holds may be half a change: nothing of it is read any more."""
        feed.changed = self._wake
        with tracked(Call(Priority.MARKET_DATA)):
            self._task = asyncio.create_task(feed.run())
        self._task.add_done_callback(self._ended)

    @property
    def is_alive(self) -> bool:
        return self._reason is None and not self._task.done()

    async def next_version(self, seen: int) -> int:
        """Wait until there is a newer one; raises what ended the feed once everything is seen."""
        while self._is_cut or self.feed.version == seen:
            if not self.is_alive:
                raise self._end()
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(waiting)
            try:
                await waiting
            finally:
                self._waiting.discard(waiting)
        return self.feed.version

    def end_with(self, reason: Exception) -> None:
        self._reason = self._reason or reason
        self._is_cut = True
        self._task.cancel()
        self._wake()

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.wait((self._task,))

    def _end(self) -> Exception:
        return self._session.stream_error(self._reason or VenueUnavailable("The stream was closed."))

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        if self._reason is None and isinstance(error, Exception):
            self._reason = error
            _log.info(
                "market data stream ended",
                connector=self._session.connector.name,
                feed=type(self.feed).__name__,
                reason=self._session.safe_text(error),
            )
        self._wake()
        self._tell_end(self)

    def _wake(self) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
