"""Binance's stream names, and the feed behind each."""

import re

from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.history.intervals import LENGTH_MS
from aviary_sandbox_exchange.pairs import Side
from aviary_sandbox_exchange.venue import Venue
from aviary_sandbox_exchange.ws.feeds import TICK_MS, BookTicker, DepthDiffs, Feed, PartialDepth
from aviary_sandbox_exchange.ws.summaries import Candle, Summary, mark_price_event, mini_ticker_event, ticker_event

DEPTH = re.compile(r"^depth(5|10|20)?(?:@(\d+)ms)?$")
MARK_PRICE = re.compile(r"^markPrice(@1s)?$")
DEPTH_SPEEDS: dict[Side, tuple[int, ...]] = {"spot": (1000, 100), "futures": (250, 500, 100)}
"""Milliseconds; the first is the one that goes without saying."""
TICKER_TICKS = 10
CANDLE_TICKS = 3
MARK_PRICE_TICKS = 30


def make_feed(venue: Venue, side: Side, stream: str) -> Feed | None:
    """``None`` for streams that are told by the engine (trades) and for names that do not exist."""
    markets = venue.desk(side).markets
    everything = list(markets.values())
    if stream.startswith("!"):
        return _all_markets(venue, side, stream, everything)
    symbol, _, channel = stream.partition("@")
    market = markets.get(symbol.upper())
    if market is None or symbol != symbol.lower():
        return None
    if depth := DEPTH.match(channel):
        return _depth(market, depth.group(1), depth.group(2))
    if channel.startswith("kline_") and channel[6:] in LENGTH_MS:
        return Candle(market, channel[6:], CANDLE_TICKS)
    if channel == "ticker":
        return Summary([market], ticker_event, TICKER_TICKS, as_list=False)
    if channel == "miniTicker":
        return Summary([market], mini_ticker_event, TICKER_TICKS, as_list=False)
    if channel == "bookTicker":
        return BookTicker([market])
    if side == "futures" and (mark := MARK_PRICE.match(channel)):
        every = TICKER_TICKS if mark.group(1) else MARK_PRICE_TICKS
        return Summary([market], mark_price_event(venue.marks, venue.funding.rates), every, as_list=False)
    return None


def _all_markets(venue: Venue, side: Side, stream: str, markets: list[Market]) -> Feed | None:
    if stream == "!ticker@arr":
        return Summary(markets, ticker_event, TICKER_TICKS, as_list=True)
    if stream == "!miniTicker@arr":
        return Summary(markets, mini_ticker_event, TICKER_TICKS, as_list=True)
    if stream == "!bookTicker":
        return BookTicker(markets)
    if side == "futures" and stream in ("!markPrice@arr", "!markPrice@arr@1s"):
        every = TICKER_TICKS if stream.endswith("@1s") else MARK_PRICE_TICKS
        return Summary(markets, mark_price_event(venue.marks, venue.funding.rates), every, as_list=True)
    return None


def _depth(market: Market, depth: str | None, speed: str | None) -> Feed | None:
    speeds = DEPTH_SPEEDS[market.pair.side]
    speed_ms = int(speed) if speed else speeds[0]
    if speed_ms not in speeds:
        return None
    ticks = max(speed_ms // TICK_MS, 1)
    return PartialDepth(market, int(depth), ticks) if depth else DepthDiffs(market, ticks)
