"""Public trades as stream events; spot shows eight decimals, futures as many as the pair has."""

from aviary_sandbox_exchange.history.tape import AggregateTrade, Trade
from aviary_sandbox_exchange.pairs import Pair
from aviary_sandbox_exchange.units import fixed


def price_text(pair: Pair, price: int) -> str:
    return fixed(price) if pair.side == "spot" else fixed(price, pair.price_decimals)


def quantity_text(pair: Pair, quantity: int) -> str:
    return fixed(quantity) if pair.side == "spot" else fixed(quantity, pair.quantity_decimals)


def trade_event(pair: Pair, trade: Trade, now_ms: int) -> dict[str, object]:
    event: dict[str, object] = {
        "e": "trade",
        "E": now_ms,
        "s": pair.symbol,
        "t": trade.id,
        "p": price_text(pair, trade.price),
        "q": quantity_text(pair, trade.quantity),
        "T": trade.time_ms,
        "m": trade.buyer_is_maker,
    }
    return {**event, "M": True} if pair.side == "spot" else {**event, "X": "MARKET"}


def aggregate_event(pair: Pair, trade: AggregateTrade, now_ms: int) -> dict[str, object]:
    event: dict[str, object] = {
        "e": "aggTrade",
        "E": now_ms,
        "s": pair.symbol,
        "a": trade.id,
        "p": price_text(pair, trade.price),
        "q": quantity_text(pair, trade.quantity),
        "f": trade.first_id,
        "l": trade.last_id,
        "T": trade.time_ms,
        "m": trade.buyer_is_maker,
    }
    return {**event, "M": True} if pair.side == "spot" else event
