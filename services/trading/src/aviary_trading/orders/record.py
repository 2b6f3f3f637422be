"""An order as it is stored."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from aviary_exchange.types import OrderType, PositionAction, TimeInForce, TradeType
from aviary_trading.orders.states import FINAL, OrderState


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """``filled_amount``, ``filled_quote`` and the fee are sums over the stored fills; ``venue_filled_amount`` is what
    the venue last said was filled. The order is settled when it is final and the two agree. ``fee_quote`` is the whole
    fee in the pair's quote currency, ``None`` while a part of it has no price yet. ``version`` counts the changes."""

    id: int
    account_name: str
    connector_name: str
    client_order_id: str
    venue_client_id: str | None
    exchange_order_id: str | None
    trading_pair: str
    trade_type: TradeType
    order_type: OrderType
    position_action: PositionAction
    time_in_force: TimeInForce | None
    requested_amount: Decimal
    requested_price: Decimal | None
    amount: Decimal
    price: Decimal | None
    status: OrderState
    filled_amount: Decimal
    filled_quote: Decimal
    venue_filled_amount: Decimal
    fee_paid: Decimal
    fee_currency: str | None
    fee_quote: Decimal | None
    error_message: str | None
    settled: bool
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @property
    def misses_fills(self) -> bool:
        """The venue filled more than we have stored."""
        return self.filled_amount < self.venue_filled_amount

    @property
    def average_fill_price(self) -> Decimal | None:
        """Weighted by amount; ``None`` before the first fill."""
        return self.filled_quote / self.filled_amount if self.filled_amount else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a caller wants: names resolved, amount and price as asked and as they go out.

    ``venue_client_id`` is the client order id where the venue's alphabet allows it, else what stands for it there.
    """

    account_name: str
    connector_name: str
    client_order_id: str
    venue_client_id: str
    trading_pair: str
    trade_type: TradeType
    order_type: OrderType
    position_action: PositionAction
    time_in_force: TimeInForce | None
    requested_amount: Decimal
    requested_price: Decimal | None
    amount: Decimal
    price: Decimal | None

    def is_repeated_by(self, stored: Order) -> bool:
        """Same content, whatever has become of the order since."""
        return (
            stored.trading_pair == self.trading_pair
            and stored.trade_type == self.trade_type
            and stored.order_type == self.order_type
            and stored.position_action == self.position_action
            and stored.time_in_force == self.time_in_force
            and stored.requested_amount == self.requested_amount
            and stored.requested_price == self.requested_price
        )
