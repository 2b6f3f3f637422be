"""Streams of sums: candles, tickers, mark prices."""

from collections.abc import Callable

from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.futures.funding import Rates
from aviary_sandbox_exchange.futures.market_data import premium_view
from aviary_sandbox_exchange.futures.marks import Marks
from aviary_sandbox_exchange.history.bars import Bar
from aviary_sandbox_exchange.history.intervals import end_of, start_of
from aviary_sandbox_exchange.market_views import ticker_view
from aviary_sandbox_exchange.units import fixed
from aviary_sandbox_exchange.ws.trades import price_text, quantity_text

Json = dict[str, object]


class Candle:
    """The open candle when it has changed, and once more, closed, when the next one has begun."""

    def __init__(self, market: Market, interval: str, every_ticks: int) -> None:
        self.every_ticks = every_ticks
        self._market = market
        self._interval = interval
        self._start: int | None = None
        self._sent: Bar | None = None

    def poll(self, now_ms: int) -> list[object]:
        start = start_of(self._interval, now_ms)
        events: list[object] = []
        if self._start is not None and start > self._start:
            events.append(self._event(self._bar(self._start, now_ms), now_ms, closed=True))
        bar = self._bar(start, now_ms)
        if bar != self._sent:
            events.append(self._event(bar, now_ms, closed=False))
        self._start, self._sent = start, bar
        return events

    def close(self) -> None: ...

    def _bar(self, start_ms: int, now_ms: int) -> Bar:
        bars = self._market.candles.get(self._interval, start_ms=start_ms, end_ms=start_ms, limit=1, now_ms=now_ms)
        return bars[0] if bars else Bar.flat(start_ms, self._market.tape.last_price)

    def _event(self, bar: Bar, now_ms: int, *, closed: bool) -> Json:
        pair = self._market.pair
        trades = self._market.tape.trades
        candle = {
            "t": bar.start,
            "T": end_of(self._interval, bar.start) - 1,
            "s": pair.symbol,
            "i": self._interval,
            "f": trades[-min(bar.trades, len(trades))].id if bar.trades and trades else -1,
            "L": trades[-1].id if bar.trades and trades else -1,
            "o": price_text(pair, bar.open),
            "c": price_text(pair, bar.close),
            "h": price_text(pair, bar.high),
            "l": price_text(pair, bar.low),
            "v": quantity_text(pair, bar.volume),
            "n": bar.trades,
            "x": closed,
            "q": fixed(bar.quote),
            "V": quantity_text(pair, bar.taker_volume),
            "Q": fixed(bar.taker_quote),
            "B": "0",
        }
        return {"e": "kline", "E": now_ms, "s": pair.symbol, "k": candle}


class Summary:
    """One event per market in a fixed rhythm; ``as_list`` packs them into one, as the ``@arr`` streams do."""

    def __init__(
        self, markets: list[Market], view: Callable[[Market, int], Json], every_ticks: int, *, as_list: bool
    ) -> None:
        self.every_ticks = every_ticks
        self._markets = markets
        self._view = view
        self._as_list = as_list

    def poll(self, now_ms: int) -> list[object]:
        events: list[object] = [self._view(market, now_ms) for market in self._markets]
        return [events] if self._as_list else events

    def close(self) -> None: ...


def ticker_event(market: Market, now_ms: int) -> Json:
    view = ticker_view(market, now_ms)
    event: Json = {
        "e": "24hrTicker",
        "E": now_ms,
        "s": view["symbol"],
        "p": view["priceChange"],
        "P": view["priceChangePercent"],
        "w": view["weightedAvgPrice"],
        "c": view["lastPrice"],
        "Q": view["lastQty"],
        "o": view["openPrice"],
        "h": view["highPrice"],
        "l": view["lowPrice"],
        "v": view["volume"],
        "q": view["quoteVolume"],
        "O": view["openTime"],
        "C": view["closeTime"],
        "F": view["firstId"],
        "L": view["lastId"],
        "n": view["count"],
    }
    if market.pair.side == "spot":
        event |= {
            "x": view["prevClosePrice"],
            "b": view["bidPrice"],
            "B": view["bidQty"],
            "a": view["askPrice"],
            "A": view["askQty"],
        }
    return event


def mini_ticker_event(market: Market, now_ms: int) -> Json:
    full = ticker_event(market, now_ms)
    return {"e": "24hrMiniTicker", "E": now_ms, **{name: full[name] for name in "scohlvq"}}


def mark_price_event(marks: Marks, rates: Rates) -> Callable[[Market, int], Json]:
    def event(market: Market, now_ms: int) -> Json:
        view = premium_view(market, marks, rates, now_ms)
        return {
            "e": "markPriceUpdate",
            "E": now_ms,
            "s": view["symbol"],
            "p": view["markPrice"],
            "i": view["indexPrice"],
            "P": view["estimatedSettlePrice"],
            "r": view["lastFundingRate"],
            "T": view["nextFundingTime"],
        }

    return event
