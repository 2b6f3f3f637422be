"""A bot's trades, as it tells them itself."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aviary_common.errors import Conflict
from aviary_orchestration.lifecycle.service import Lifecycle

Json = dict[str, Any]


@dataclass(frozen=True)
class Span:
    """``days`` 0: since the bot started. With a start, as many days as reach back to it are asked for."""

    days: int = 0
    start: datetime | None = None
    end: datetime | None = None

    def days_back(self, now: datetime) -> int:
        if self.start is None:
            return self.days
        return max(1, math.ceil((now - self.start) / timedelta(days=1)))

    def holds(self, trade: Json) -> bool:
        """By its time in milliseconds; a trade without one is kept."""
        at_ms = trade.get("trade_timestamp")
        if not isinstance(at_ms, int | float):
            return True
        after = self.start is None or at_ms >= self.start.timestamp() * 1000
        return after and (self.end is None or at_ms <= self.end.timestamp() * 1000)


class BotHistory:
    def __init__(self, lifecycle: Lifecycle, clock: Callable[[], datetime]) -> None:
        self._lifecycle = lifecycle
        self._clock = clock

    async def of(self, bot: str, span: Span, *, verbose: bool, precision: int | None, deadline_s: float) -> Json:
        """The bot's whole answer. 503 when it does not answer in time."""
        reply = await self._lifecycle.ask(
            bot,
            "history",
            deadline_s,
            days=span.days_back(self._clock()),
            verbose=verbose,
            precision=precision,
            async_backend=False,
        )
        if not reply.done:
            raise Conflict(f"{bot} does not tell its history; it says: {reply.words}", code="bot_refused")
        if isinstance(trades := reply.data.get("trades"), list):
            kept = [trade for trade in trades if isinstance(trade, dict) and span.holds(trade)]
            return {**reply.message, "data": {**reply.data, "trades": kept}}
        return reply.message
