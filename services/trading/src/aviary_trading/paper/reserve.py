"""What an order locks when it is placed, as exchanges do."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aviary_exchange.types import NewOrder, OrderBook, TradeType
from aviary_trading.paper.money import locked_for
from aviary_trading.paper.records import Holding
from aviary_trading.paper.walk import cost, walk

SLACK: Final = Decimal("1.05")
"""A market buy may cost this much more than the book says when it is placed; what it does not cost is unlocked."""

INSUFFICIENT: Final = "Account has insufficient balance for requested action."
NO_OFFER: Final = "There is nobody to trade with: the other side of the book is empty."


@dataclass(frozen=True, slots=True)
class Need:
    """``least`` must be available; as much of ``wanted`` as there is will be locked."""

    token: str
    least: Decimal
    wanted: Decimal

    def locked_from(self, held: Holding) -> Decimal | None:
        """``None`` when there is not enough."""
        return None if held.available < self.least else min(self.wanted, held.available)


def needed_for(order: NewOrder, book: OrderBook | None) -> Need | None:
    """``book`` is asked for with market orders only; ``None`` when there is nobody to trade with."""
    base, _, quote = order.trading_pair.partition("-")
    if book is not None and not (book.asks if order.trade_type is TradeType.BUY else book.bids):
        return None
    if order.trade_type is TradeType.SELL:
        return Need(base, order.amount, order.amount)
    if order.price is not None:
        locked = locked_for(order.amount, order.price)
        return Need(quote, locked, locked)
    estimate = cost(walk(book.asks if book else (), order.amount, is_buy=True, limit=None))
    return Need(quote, estimate, locked_for(estimate, SLACK))
