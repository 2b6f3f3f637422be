"""Public market data as JSON, alike on both sides but for the digits."""

from aviary_sandbox_exchange.engine.book import Ladder
from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.history.bars import Bar
from aviary_sandbox_exchange.history.intervals import end_of
from aviary_sandbox_exchange.history.tape import AggregateTrade, Trade
from aviary_sandbox_exchange.pairs import Pair
from aviary_sandbox_exchange.units import SCALE, fixed
from aviary_sandbox_exchange.ws.trades import price_text, quantity_text

Json = dict[str, object]
DAY_MS = 86_400_000


def levels(pair: Pair, ladder: Ladder, limit: int) -> list[list[str]]:
    return [[price_text(pair, level.price), quantity_text(pair, level.total)] for level in ladder.top(limit)]


def depth_view(market: Market, limit: int) -> Json:
    book = market.book
    return {
        "lastUpdateId": book.update_id,
        "bids": levels(market.pair, book.bids, limit),
        "asks": levels(market.pair, book.asks, limit),
    }


def recent_trades(market: Market, limit: int, from_id: int | None) -> list[Json]:
    trades = list(market.tape.trades)
    if from_id is not None:
        trades = [trade for trade in trades if trade.id >= from_id][:limit]
    return [_trade_view(market.pair, trade) for trade in trades[-limit:]]


def aggregate_view(
    market: Market, *, from_id: int | None, start_ms: int | None, end_ms: int | None, limit: int
) -> list[Json]:
    trades = [
        trade
        for trade in market.tape.aggregates
        if (from_id is None or trade.id >= from_id)
        and (start_ms is None or trade.time_ms >= start_ms)
        and (end_ms is None or trade.time_ms <= end_ms)
    ]
    chosen = trades[-limit:] if from_id is None and start_ms is None else trades[:limit]
    return [_aggregate(market.pair, trade) for trade in chosen]


def candle_view(pair: Pair, bar: Bar, interval: str) -> list[object]:
    return [
        bar.start,
        price_text(pair, bar.open),
        price_text(pair, bar.high),
        price_text(pair, bar.low),
        price_text(pair, bar.close),
        quantity_text(pair, bar.volume),
        end_of(interval, bar.start) - 1,
        fixed(bar.quote),
        bar.trades,
        quantity_text(pair, bar.taker_volume),
        fixed(bar.taker_quote),
        "0",
    ]


def ticker_view(market: Market, now_ms: int) -> Json:
    pair, tape = market.pair, market.tape
    bar = market.candles.day_before(now_ms)
    first_id, last_id = _trade_ids(market)
    view: Json = {
        "symbol": pair.symbol,
        "priceChange": price_text(pair, bar.close - bar.open),
        "priceChangePercent": f"{(bar.close - bar.open) / bar.open * 100:.3f}",
        "weightedAvgPrice": price_text(pair, average_price(bar)),
        "lastPrice": price_text(pair, bar.close),
        "lastQty": quantity_text(pair, tape.trades[-1].quantity if tape.trades else 0),
        "openPrice": price_text(pair, bar.open),
        "highPrice": price_text(pair, bar.high),
        "lowPrice": price_text(pair, bar.low),
        "volume": quantity_text(pair, bar.volume),
        "quoteVolume": fixed(bar.quote),
        "openTime": now_ms - DAY_MS,
        "closeTime": now_ms,
        "firstId": first_id,
        "lastId": last_id,
        "count": bar.trades,
    }
    if pair.side == "spot":
        best = book_ticker_view(market)
        view["prevClosePrice"] = price_text(pair, bar.open)
        view |= {name: best[name] for name in ("bidPrice", "bidQty", "askPrice", "askQty")}
    return view


def average_price(bar: Bar) -> int:
    return bar.quote * SCALE // bar.volume if bar.volume else bar.close


def price_view(market: Market) -> Json:
    return {"symbol": market.pair.symbol, "price": price_text(market.pair, market.tape.last_price)}


def book_ticker_view(market: Market) -> Json:
    pair, book = market.pair, market.book
    bid, ask = book.bids.best(), book.asks.best()
    return {
        "symbol": pair.symbol,
        "bidPrice": price_text(pair, bid.price if bid else 0),
        "bidQty": quantity_text(pair, bid.total if bid else 0),
        "askPrice": price_text(pair, ask.price if ask else 0),
        "askQty": quantity_text(pair, ask.total if ask else 0),
    }


def _trade_ids(market: Market) -> tuple[int, int]:
    trades = market.tape.trades
    return (trades[0].id, trades[-1].id) if trades else (-1, -1)


def _trade_view(pair: Pair, trade: Trade) -> Json:
    view: Json = {
        "id": trade.id,
        "price": price_text(pair, trade.price),
        "qty": quantity_text(pair, trade.quantity),
        "quoteQty": fixed(trade.quote),
        "time": trade.time_ms,
        "isBuyerMaker": trade.buyer_is_maker,
    }
    return {**view, "isBestMatch": True} if pair.side == "spot" else view


def _aggregate(pair: Pair, trade: AggregateTrade) -> Json:
    view: Json = {
        "a": trade.id,
        "p": price_text(pair, trade.price),
        "q": quantity_text(pair, trade.quantity),
        "f": trade.first_id,
        "l": trade.last_id,
        "T": trade.time_ms,
        "m": trade.buyer_is_maker,
    }
    return {**view, "M": True} if pair.side == "spot" else view
