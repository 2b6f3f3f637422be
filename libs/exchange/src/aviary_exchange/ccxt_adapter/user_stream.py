"""The user stream of one account: supervised, and honest about its gaps."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Protocol

import structlog

from aviary_common.rates.budget import Priority
from aviary_exchange.ccxt_adapter.binance_stream import BinanceStream
from aviary_exchange.ccxt_adapter.client_ids import ClientIds
from aviary_exchange.ccxt_adapter.hooks import Call, tracked
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.ccxt_adapter.unified_stream import UnifiedStream
from aviary_exchange.errors import Unsupported
from aviary_exchange.types import Balance, StreamGap, UserEvent

FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 30.0
STARTED = "The stream has started."

_log = structlog.get_logger(__name__)


class Stream(Protocol):
    """One way to hear from a venue."""

    async def run(self) -> None:
        """Listen until something fails; afterwards a new ``run`` starts from nothing."""
        ...


async def user_events(
    session: Session, ids: ClientIds, balances: Callable[[], Awaitable[Sequence[Balance]]]
) -> AsyncIterator[UserEvent]:
    """Endless; closing the iterator ends the connection and waits for its tasks.

    Every connection that goes live yields a ``StreamGap``, also one that ccxt made silently by itself. Raises
    ``Unsupported`` where the venue has no stream.
    """
    if not session.exchange.has.get("watchOrders"):
        raise Unsupported(f"{session.connector.name} has no user stream.")
    supervisor = _Supervisor(session)
    make = BinanceStream if session.binance_like else UnifiedStream
    task = asyncio.create_task(supervisor.supervise(make(session, ids, balances, supervisor.publish, supervisor.live)))
    try:
        while True:
            yield await supervisor.next_event(task)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class _Supervisor:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._events: asyncio.Queue[UserEvent] = asyncio.Queue()
        self._pause_s = FIRST_PAUSE_S
        self._reason = STARTED

    def publish(self, event: UserEvent) -> None:
        self._events.put_nowait(event)

    def live(self) -> None:
        self._events.put_nowait(StreamGap(self._reason))
        self._reason = "The stream was interrupted."
        self._pause_s = FIRST_PAUSE_S

    async def next_event(self, supervision: asyncio.Task[None]) -> UserEvent:
        """Raises what ended the supervision, should it ever end."""
        waiting = asyncio.ensure_future(self._events.get())
        try:
            await asyncio.wait((waiting, supervision), return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done():
                supervision.result()
            return await waiting
        finally:
            waiting.cancel()

    async def supervise(self, stream: Stream) -> None:
        try:
            while True:
                await self._run_once(stream)
                await self._session.close_streams()
                await asyncio.sleep(self._pause_s)
                self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
        finally:
            await self._session.close_streams()

    async def _run_once(self, stream: Stream) -> None:
        """In a task of its own: before Python 3.13 a failing task group leaves marks of cancellation on its parent."""
        with tracked(Call(Priority.ACCOUNT)):
            running = asyncio.create_task(stream.run())
        try:
            await asyncio.wait((running,))
        finally:
            running.cancel()
            (end,) = await asyncio.gather(running, return_exceptions=True)
        cause = end.exceptions[0] if isinstance(end, BaseExceptionGroup) else end
        self._interrupted(self._session.safe_text(cause) if cause else "The stream ended.")

    def _interrupted(self, reason: str) -> None:
        if self._reason != STARTED:
            self._reason = f"The stream was interrupted: {reason}"
        _log.info("user stream interrupted", connector=self._session.connector.name, reason=reason)
