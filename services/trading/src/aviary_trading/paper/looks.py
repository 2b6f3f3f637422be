"""Looks at the markets of one connector, shared by all its paper accounts in this process."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from aviary_common import logs
from aviary_exchange.errors import ExchangeError, RateLimited, UnknownPair, VenueUnavailable
from aviary_exchange.port import PublicExchange
from aviary_exchange.types import PublicTrade
from aviary_trading.paper.matching import Look

log = logs.get(__name__)

DEPTH: Final = 100
"""Levels of each side. What an order could trade with beyond them it does not see."""
TRADES: Final = 500
"""So many may happen between two looks before some go unseen; some venues give fewer at once."""
SOONER: Final = 10
"""How much sooner than usual a market may be looked at again, for an order that has just come."""


class Looks:
    def __init__(self, exchange: PublicExchange, every_s: float) -> None:
        self.every_s = every_s
        self._exchange = exchange
        self._looking: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._last: dict[str, Look] = {}
        self._failed: dict[str, tuple[float, ExchangeError]] = {}
        self._without_trades: set[str] = set()

    async def at(self, trading_pair: str, *, not_before: float, trades: bool) -> Look:
        """A look that began at or after that time of the event loop; raises what the exchange raises, to everybody who
        has waited for it."""
        loop = asyncio.get_running_loop()
        async with self._looking[trading_pair]:
            last = self._last.get(trading_pair)
            if last is not None and last.began >= not_before and (last.trades is not None or not trades):
                return last
            failed_at, error = self._failed.get(trading_pair, (float("-inf"), None))
            if error is not None and failed_at >= not_before:
                raise error
            earliest = max(failed_at, float("-inf") if last is None else last.began) + self.every_s / SOONER
            await asyncio.sleep(max(0.0, earliest - loop.time()))
            began = loop.time()
            try:
                self._last[trading_pair] = look = await self._look(trading_pair, began, trades=trades)
            except ExchangeError as failure:
                self._failed[trading_pair] = (began, failure)
                raise
            return look

    async def _look(self, trading_pair: str, began: float, *, trades: bool) -> Look:
        """The book first: a trade in between is then in the queue that is measured, and shortens it next time."""
        book = await self._exchange.order_book(trading_pair, DEPTH)
        newest = await self._newest_trades(trading_pair) if trades else None
        return Look(book, DEPTH, newest, began)

    async def _newest_trades(self, trading_pair: str) -> Sequence[PublicTrade]:
        """None where the venue shows its trades to nobody (Hyperliquid's are each user's own): makers then wait for the
        other side's quotes."""
        try:
            return await self._exchange.recent_trades(trading_pair, TRADES)
        except (VenueUnavailable, RateLimited, UnknownPair):
            raise
        except ExchangeError as error:
            if trading_pair not in self._without_trades:
                log.warning("no public trades", connector=self._exchange.connector, error=error.detail)
            self._without_trades.add(trading_pair)
            return ()
