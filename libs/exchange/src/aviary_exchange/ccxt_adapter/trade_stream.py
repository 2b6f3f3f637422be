"""New public trades: a short memory of them, and the feeds that fill it."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

from aviary_exchange.ccxt_adapter.raw import Raw, instant, number
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.ccxt_adapter.stream_feed import nobody
from aviary_exchange.ccxt_adapter.symbols import Listing
from aviary_exchange.ccxt_adapter.trades import MOST_PER_CALL, public_trade, recent_trades
from aviary_exchange.errors import VenueUnavailable
from aviary_exchange.types import PublicTrade, TradeType

MOST_KEPT = 5000
HEALING_TRIES = 5
PAUSE_S = 0.2
NO_ID = "None"
"""What becomes of it where a venue gives none."""
FILLED_FROM_THE_BOOK = frozenset({None, "MARKET"})
"""Futures also tell of trades with the insurance fund and the like, which are in no other answer."""


class TradeTape:
    """The last trades; ``version`` counts all there have been."""

    def __init__(self, session: Session, listing: Listing) -> None:
        self._session = session
        self._listing = listing
        self._kept: deque[PublicTrade] = deque(maxlen=MOST_KEPT)
        self.version = 0
        self.changed: Callable[[], None] = nobody

    def after(self, version: int) -> Sequence[PublicTrade]:
        """Raises when some of them are not kept any more: who reads so slowly must begin again."""
        count = self.version - version
        if count > len(self._kept):
            raise VenueUnavailable(f"{count} trades of {self._listing.trading_pair} were not read in time.")
        return [self._kept[index] for index in range(len(self._kept) - count, len(self._kept))]

    async def unwatch(self) -> None:
        exchange = self._session.exchange
        if exchange.has.get("unWatchTrades"):
            await exchange.un_watch_trades(self._listing.symbol)
        exchange.trades.pop(self._listing.symbol, None)

    def _keep(self, trades: Sequence[PublicTrade]) -> None:
        if trades:
            self._kept.extend(trades)
            self.version += len(trades)
            self.changed()


class UnifiedTrades(TradeTape):
    """What ccxt makes of a venue's trades.

    Venues tell the last trades when they begin, and repeat some: a trade is known by its id while it is among the last.
    """

    def __init__(self, session: Session, listing: Listing) -> None:
        super().__init__(session, listing)
        self._ids: deque[str] = deque(maxlen=MOST_KEPT)
        self._known: set[str] = set()

    async def run(self) -> None:
        exchange, symbol = self._session.exchange, self._listing.symbol
        while True:
            rows: Sequence[Raw] = await self._session.watch(lambda: exchange.watch_trades(symbol))
            if self.version and len(rows) >= exchange.options.get("tradesLimit", MOST_PER_CALL):
                raise VenueUnavailable(f"More trades of {self._listing.trading_pair} came than ccxt keeps.")
            trades = [public_trade(row, self._listing) for row in rows if row.get("side")]
            self._keep(sorted((trade for trade in trades if self._is_new(trade)), key=_at))

    def _is_new(self, trade: PublicTrade) -> bool:
        if trade.trade_id == NO_ID:
            return True
        if trade.trade_id in self._known:
            return False
        if len(self._ids) == MOST_KEPT:
            self._known.discard(self._ids[0])
        self._ids.append(trade.trade_id)
        self._known.add(trade.trade_id)
        return True


class BinanceTrades(TradeTape):
    """Ids of one pair follow each other; what is missing between two is looked up, while later ones wait."""

    def __init__(self, session: Session, listing: Listing) -> None:
        super().__init__(session, listing)
        self._last_id = -1
        self._waiting: deque[tuple[int, PublicTrade | None]] = deque()
        self._gap = asyncio.Event()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._hold())
            tasks.create_task(self._heal())

    def take(self, event: Raw) -> None:
        trade_id = int(event["t"])
        if self._last_id < 0:
            self._last_id = trade_id - 1
        if len(self._waiting) >= MOST_KEPT:
            raise VenueUnavailable(f"Too many trades of {self._listing.trading_pair} wait for one that is missing.")
        self._waiting.append((trade_id, self._trade(event)))
        self._tell()

    async def _hold(self) -> None:
        """The messages are read before ccxt sees them, so that it answers with what ends the connection only."""
        exchange, symbol = self._session.exchange, self._listing.symbol
        while True:
            await self._session.watch(lambda: exchange.watch_trades(symbol))

    async def _heal(self) -> None:
        while True:
            await self._gap.wait()
            self._gap.clear()
            for _ in range(HEALING_TRIES):
                if not self._waiting or self._fill(await self._look_back()):
                    break
                await asyncio.sleep(PAUSE_S)
            else:
                raise VenueUnavailable(f"Trades of {self._listing.trading_pair} were missed.")

    async def _look_back(self) -> dict[int, PublicTrade]:
        found = await recent_trades(self._session, self._listing.trading_pair, MOST_PER_CALL)
        return {int(trade.trade_id): trade for trade in found}

    def _fill(self, found: dict[int, PublicTrade]) -> bool:
        """Whether all ids up to the first that waits are accounted for; some stand for no trade of the book."""
        end = self._waiting[0][0]
        if not found or min(found) > self._last_id + 1 or max(found) < end - 1:
            return False
        missing = [found[trade_id] for trade_id in range(self._last_id + 1, end) if trade_id in found]
        self._last_id = end - 1
        self._keep(missing)
        self._tell()
        return True

    def _tell(self) -> None:
        """Pass on what waits, up to the next gap."""
        told: list[PublicTrade] = []
        while self._waiting and self._waiting[0][0] <= self._last_id + 1:
            trade_id, trade = self._waiting.popleft()
            if trade is not None and trade_id > self._last_id:
                told.append(trade)
            self._last_id = max(self._last_id, trade_id)
        self._keep(told)
        if self._waiting:
            self._gap.set()

    def _trade(self, event: Raw) -> PublicTrade | None:
        if event.get("X") not in FILLED_FROM_THE_BOOK:
            return None
        return PublicTrade(
            trade_id=str(event["t"]),
            price=number(event, "p"),
            amount=self._listing.to_base(number(event, "q")),
            taker_side=TradeType.SELL if event["m"] else TradeType.BUY,
            at=instant(event["T"]),
        )


def _at(trade: PublicTrade) -> datetime:
    return trade.at
