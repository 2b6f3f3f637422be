"""Candles as they change: the newest state of each of the last ones, and the feeds that fill it."""

from collections.abc import Callable, Sequence
from typing import Any

from aviary_exchange.ccxt_adapter.candles import candle_of
from aviary_exchange.ccxt_adapter.raw import Raw, number
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.ccxt_adapter.stream_feed import nobody
from aviary_exchange.ccxt_adapter.symbols import Listing
from aviary_exchange.errors import VenueUnavailable
from aviary_exchange.types import Candle

MOST_KEPT = 1000


class CandleTape:
    def __init__(self, session: Session, listing: Listing, interval: str) -> None:
        self._session = session
        self._listing = listing
        self._interval = interval
        self._kept: dict[int, tuple[int, Candle]] = {}
        """By open time, oldest first: the version in which it changed last."""
        self._closed = 0
        self._forgotten_until = 0
        self.version = 0
        self.changed: Callable[[], None] = nobody

    def after(self, version: int) -> Sequence[Candle]:
        """Raises when some of them are not kept any more: who reads so slowly must begin again."""
        if version < self._forgotten_until:
            raise VenueUnavailable(f"Candles of {self._listing.trading_pair} were not read in time.")
        return [candle for changed_in, candle in self._kept.values() if changed_in > version]

    async def unwatch(self) -> None:
        exchange = self._session.exchange
        if exchange.has.get("unWatchOHLCV"):
            await exchange.un_watch_ohlcv(self._listing.symbol, self._interval)
        exchange.ohlcvs.get(self._listing.symbol, {}).pop(self._interval, None)

    def _keep(self, candles: Sequence[Candle], *, has_closed: bool = False) -> None:
        """``has_closed``: the venue says of the last one that it will not change any more. It is told once again with
        the one that opens after it, so that a reader need not ask how it ended."""
        if has_closed:
            self._closed = candles[-1].open_time_s
        news = [candle for candle in candles if self._kept.get(candle.open_time_s, (0, None))[1] != candle]
        if not news:
            return
        self.version += 1
        was_last = next(reversed(self._kept), 0)
        for candle in news:
            self._kept[candle.open_time_s] = (self.version, candle)
        if was_last and was_last == self._closed and next(reversed(self._kept)) > was_last:
            self._kept[was_last] = (self.version, self._kept[was_last][1])
        if min(candle.open_time_s for candle in news) < was_last:
            self._kept = dict(sorted(self._kept.items()))
        while len(self._kept) > MOST_KEPT:
            changed_in, _ = self._kept.pop(next(iter(self._kept)))
            self._forgotten_until = max(self._forgotten_until, changed_in)
        self.changed()


class UnifiedCandles(CandleTape):
    async def run(self) -> None:
        while True:
            rows: Sequence[Sequence[Any]] = await self._session.watch(self._watch)
            self._keep(sorted((candle_of(row) for row in rows), key=lambda candle: candle.open_time_s))

    async def _watch(self) -> Any:
        return await self._session.exchange.watch_ohlcv(self._listing.symbol, self._interval)


class BinanceCandles(CandleTape):
    """From the venue's own messages: ccxt drops quote volume, trades and takers."""

    async def run(self) -> None:
        """The messages are read before ccxt sees them, so that it answers with what ends the connection only."""
        while True:
            await self._session.watch(self._watch)

    async def _watch(self) -> Any:
        return await self._session.exchange.watch_ohlcv(self._listing.symbol, self._interval)

    def take(self, event: Raw) -> None:
        kline = event["k"]
        self._keep(
            [
                Candle(
                    open_time_s=int(kline["t"]) // 1000,
                    open=number(kline, "o"),
                    high=number(kline, "h"),
                    low=number(kline, "l"),
                    close=number(kline, "c"),
                    volume=number(kline, "v"),
                    quote_volume=number(kline, "q"),
                    trades=int(kline["n"]),
                    taker_buy_base=number(kline, "V"),
                    taker_buy_quote=number(kline, "Q"),
                )
            ],
            has_closed=bool(kline["x"]),
        )
