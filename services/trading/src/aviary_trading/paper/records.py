"""Orders, fills and balances of a paper account, as they are stored."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from aviary_exchange.types import OrderType, TimeInForce, TradeType

ZERO = Decimal(0)


class PaperState(StrEnum):
    NEW = "NEW"
    """Taken, and not held against the market yet."""
    RESTING = "RESTING"
    FILLED = "FILLED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOrder:
    """``reserved`` is what it still locks, of the base when selling and of the quote when buying.

    ``queue_ahead`` must trade at its price before it is its turn; ``None`` while its price has not been in view.
    """

    id: int
    client_order_id: str
    trading_pair: str
    trade_type: TradeType
    order_type: OrderType
    time_in_force: TimeInForce | None
    amount: Decimal
    price: Decimal | None
    state: PaperState
    reserved: Decimal
    filled_amount: Decimal
    filled_quote: Decimal
    fills: int
    queue_ahead: Decimal | None
    reason: str | None
    created_at: datetime
    updated_at: datetime

    @property
    def is_open(self) -> bool:
        return self.state in {PaperState.NEW, PaperState.RESTING}

    @property
    def is_buy(self) -> bool:
        return self.trade_type is TradeType.BUY

    @property
    def remaining(self) -> Decimal:
        return self.amount - self.filled_amount

    @property
    def may_rest(self) -> bool:
        """Once it has taken what it can, it stays in the book."""
        if self.order_type is OrderType.LIMIT:
            return self.time_in_force in {None, TimeInForce.GTC}
        return self.order_type is OrderType.LIMIT_MAKER


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFill:
    order_id: int
    trade_id: str
    amount: Decimal
    price: Decimal
    fee: Decimal
    fee_currency: str
    is_maker: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Holding:
    """Of one token; ``reserved`` is the part that open orders lock."""

    total: Decimal
    reserved: Decimal = ZERO

    @property
    def available(self) -> Decimal:
        return self.total - self.reserved
