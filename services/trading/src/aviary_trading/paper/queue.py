"""A maker's place in the queue at its price.

Only trades shorten it: who cancels ahead may as well have stood behind. That is the careful assumption.
"""

from collections.abc import Sequence
from decimal import Decimal

from aviary_exchange.types import Level, PublicTrade, TradeType
from aviary_trading.paper.records import ZERO


def displayed_at(levels: Sequence[Level], price: Decimal, *, is_buy: bool, depth: int) -> Decimal | None:
    """What our side of the book shows at a price; ``None`` beyond the ``depth`` levels that were asked for."""
    for level in levels:
        if level.price == price:
            return level.amount
    if len(levels) < depth:
        return ZERO
    worst = levels[-1].price
    is_beyond = price < worst if is_buy else price > worst
    return None if is_beyond else ZERO


def through(trade: PublicTrade, price: Decimal, *, is_buy: bool) -> bool:
    """It happened at a price worse than ours for its maker: who traded there would have traded with us."""
    return trade.price < price if is_buy else trade.price > price


def at(trade: PublicTrade, price: Decimal, *, is_buy: bool) -> bool:
    """It hit our side of the book at our price."""
    return trade.price == price and trade.taker_side is (TradeType.SELL if is_buy else TradeType.BUY)


def after_trade_at(ahead: Decimal, remaining: Decimal, volume: Decimal) -> tuple[Decimal, Decimal]:
    """The queue that is left and what is filled, when ``volume`` has traded at our price: the queue first, then us."""
    return max(ZERO, ahead - volume), min(remaining, max(ZERO, volume - ahead))
