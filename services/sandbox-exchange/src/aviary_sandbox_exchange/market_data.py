"""Public data, the same on both sides."""

from collections.abc import Callable

import orjson

from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.errors import Reason, VenueError
from aviary_sandbox_exchange.history.intervals import check_interval
from aviary_sandbox_exchange.http.endpoints import Call, Endpoint, Routes, Security
from aviary_sandbox_exchange.http.params import Params
from aviary_sandbox_exchange.market_views import (
    aggregate_view,
    book_ticker_view,
    candle_view,
    depth_view,
    price_view,
    recent_trades,
    ticker_view,
)
from aviary_sandbox_exchange.units import fixed

Json = dict[str, object]
SPOT_DEPTH_WEIGHTS = ((100, 5), (500, 25), (1_000, 50), (5_000, 250))
FUTURES_DEPTH_WEIGHTS = ((50, 2), (100, 5), (500, 10), (1_000, 20))


def ping(call: Call) -> Json:  # noqa: ARG001
    return {}


def time(call: Call) -> Json:
    return {"serverTime": call.venue.clock.now_ms()}


def depth(call: Call) -> Json:
    spot = call.side == "spot"
    view = depth_view(call.market(), call.params.limit(100 if spot else 500, 5_000 if spot else 1_000))
    now_ms = call.venue.clock.now_ms()
    return view if spot else {"lastUpdateId": view["lastUpdateId"], "E": now_ms, "T": now_ms, **view}


def trades(call: Call) -> list[Json]:
    market = call.market()
    return recent_trades(market, call.params.limit(500, 1_000), call.params.find_integer("fromId"))


def aggregate_trades(call: Call) -> list[Json]:
    params = call.params
    market = call.market()
    return aggregate_view(
        market,
        from_id=params.find_integer("fromId"),
        start_ms=params.find_integer("startTime"),
        end_ms=params.find_integer("endTime"),
        limit=params.limit(500, 1_000),
    )


def candles(call: Call) -> list[list[object]]:
    params = call.params
    market = call.market()
    interval = check_interval(params.text("interval"))
    bars = market.candles.get(
        interval,
        start_ms=params.find_integer("startTime"),
        end_ms=params.find_integer("endTime"),
        limit=params.limit(500, 1_000 if call.side == "spot" else 1_500),
        now_ms=call.venue.clock.now_ms(),
    )
    return [candle_view(market.pair, bar, interval) for bar in bars]


def average_price(call: Call) -> Json:
    market = call.market()
    now_ms = call.venue.clock.now_ms()
    return {"mins": 5, "price": fixed(market.candles.average_price(now_ms)), "closeTime": now_ms}


def ticker_24h(call: Call) -> object:
    now_ms = call.venue.clock.now_ms()
    return _one_or_many(call, lambda market: ticker_view(market, now_ms))


def ticker_price(call: Call) -> object:
    now_ms = call.venue.clock.now_ms()
    return _one_or_many(call, lambda market: _stamped(call, price_view(market), now_ms))


def book_ticker(call: Call) -> object:
    now_ms = call.venue.clock.now_ms()
    return _one_or_many(call, lambda market: _stamped(call, book_ticker_view(market), now_ms))


def _stamped(call: Call, view: Json, now_ms: int) -> Json:
    """Futures views carry their time."""
    return view if call.side == "spot" else {**view, "time": now_ms}


def _one_or_many(call: Call, view: Callable[[Market], Json]) -> object:
    if "symbol" in call.params:
        return view(call.market())
    return [view(market) for market in chosen_markets(call)]


def chosen_markets(call: Call) -> list[Market]:
    """``symbol``, or ``symbols`` as a JSON list, or all."""
    desk, params = call.desk, call.params
    if "symbol" in params and "symbols" in params:
        raise VenueError(Reason.BAD_COMBINATION)
    if "symbol" in params:
        return [desk.market(params.text("symbol"))]
    if "symbols" in params:
        try:
            symbols = orjson.loads(params.text("symbols"))
        except orjson.JSONDecodeError:
            symbols = None
        if not isinstance(symbols, list) or not symbols:
            raise VenueError(
                Reason.ILLEGAL_CHARACTERS, name="symbols", legal='^\\["[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}\\]$'
            )
        return [desk.market(str(symbol)) for symbol in symbols]
    return list(desk.markets.values())


def _depth_weight(spot: bool) -> Callable[[Params], int]:
    weights = SPOT_DEPTH_WEIGHTS if spot else FUTURES_DEPTH_WEIGHTS

    def weigh(params: Params) -> int:
        limit = params.limit(100 if spot else 500, weights[-1][0])
        return next(weight for most, weight in weights if limit <= most)

    return weigh


def _many_weight(one: int, many: int) -> Callable[[Params], int]:
    return lambda params: one if "symbol" in params else many


SPOT_ROUTES: Routes = {
    ("GET", "/api/v3/ping"): Endpoint(ping, "spot"),
    ("GET", "/api/v3/time"): Endpoint(time, "spot"),
    ("GET", "/api/v3/depth"): Endpoint(depth, "spot", _depth_weight(spot=True)),
    ("GET", "/api/v3/trades"): Endpoint(trades, "spot", 25),
    ("GET", "/api/v3/historicalTrades"): Endpoint(trades, "spot", 25, Security.KEY),
    ("GET", "/api/v3/aggTrades"): Endpoint(aggregate_trades, "spot", 4),
    ("GET", "/api/v3/klines"): Endpoint(candles, "spot", 2),
    ("GET", "/api/v3/uiKlines"): Endpoint(candles, "spot", 2),
    ("GET", "/api/v3/avgPrice"): Endpoint(average_price, "spot", 2),
    ("GET", "/api/v3/ticker/24hr"): Endpoint(ticker_24h, "spot", _many_weight(2, 80)),
    ("GET", "/api/v3/ticker/price"): Endpoint(ticker_price, "spot", _many_weight(2, 4)),
    ("GET", "/api/v3/ticker/bookTicker"): Endpoint(book_ticker, "spot", _many_weight(2, 4)),
}

FUTURES_ROUTES: Routes = {
    ("GET", "/fapi/v1/ping"): Endpoint(ping, "futures"),
    ("GET", "/fapi/v1/time"): Endpoint(time, "futures"),
    ("GET", "/fapi/v1/depth"): Endpoint(depth, "futures", _depth_weight(spot=False)),
    ("GET", "/fapi/v1/trades"): Endpoint(trades, "futures", 5),
    ("GET", "/fapi/v1/historicalTrades"): Endpoint(trades, "futures", 20, Security.KEY),
    ("GET", "/fapi/v1/aggTrades"): Endpoint(aggregate_trades, "futures", 20),
    ("GET", "/fapi/v1/klines"): Endpoint(candles, "futures", 5),
    ("GET", "/fapi/v1/ticker/24hr"): Endpoint(ticker_24h, "futures", _many_weight(1, 40)),
    ("GET", "/fapi/v1/ticker/price"): Endpoint(ticker_price, "futures", _many_weight(1, 2)),
    ("GET", "/fapi/v2/ticker/price"): Endpoint(ticker_price, "futures", _many_weight(1, 2)),
    ("GET", "/fapi/v1/ticker/bookTicker"): Endpoint(book_ticker, "futures", _many_weight(2, 5)),
}
