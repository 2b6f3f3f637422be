"""What ``/trading`` takes and answers."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, field_validator, model_validator
from sqlalchemy import Row

from aviary_common.models import Amount, DecimalNumber, DecimalText, Name, Tolerant, TradingPair, aliases, case_blind
from aviary_common.pagination import Limit
from aviary_common.timestamps import UtcTime
from aviary_exchange.types import OrderType, PositionAction, TradeType
from aviary_trading.fills.tables import fill
from aviary_trading.orders.ids import ClientOrderId
from aviary_trading.orders.record import Order
from aviary_trading.orders.states import OrderState, parse_state

AnyCaseTradeType = Annotated[TradeType, case_blind(TradeType)]
AnyCaseOrderType = Annotated[OrderType, case_blind(OrderType)]
AnyCasePositionAction = Annotated[PositionAction, case_blind(PositionAction)]


class PlaceOrder(Tolerant):
    account_name: Name
    connector_name: Name
    trading_pair: TradingPair
    trade_type: AnyCaseTradeType
    amount: Amount
    order_type: AnyCaseOrderType = OrderType.LIMIT
    price: Amount | None = None
    position_action: AnyCasePositionAction = PositionAction.OPEN
    client_order_id: ClientOrderId | None = None

    @model_validator(mode="after")
    def price_belongs_to_limits(self) -> Self:
        if self.order_type is not OrderType.MARKET and self.price is None:
            raise ValueError(f"price is required for {self.order_type.value} orders")
        return self


class OrderPlaced(BaseModel):
    """``status`` is ``submitted`` when the venue has the order and ``unresolved`` while that is being found out.

    ``amount`` and ``price`` echo the request; ``submitted_amount`` and ``submitted_price`` are what went to the venue.
    """

    order_id: str
    client_order_id: str
    exchange_order_id: str | None
    account_name: str
    connector_name: str
    trading_pair: str
    trade_type: TradeType
    amount: DecimalText
    order_type: OrderType
    price: DecimalText | None
    status: str
    submitted_amount: DecimalText
    submitted_price: DecimalText | None

    @classmethod
    def of(cls, order: Order) -> Self:
        return cls(
            order_id=order.client_order_id,
            client_order_id=order.client_order_id,
            exchange_order_id=order.exchange_order_id,
            account_name=order.account_name,
            connector_name=order.connector_name,
            trading_pair=order.trading_pair,
            trade_type=order.trade_type,
            amount=_plain(order.requested_amount),
            order_type=order.order_type,
            price=None if order.requested_price is None else _plain(order.requested_price),
            status="unresolved" if order.status is OrderState.PENDING_CREATE else "submitted",
            submitted_amount=_plain(order.amount),
            submitted_price=None if order.price is None else _plain(order.price),
        )


class OrderOut(BaseModel):
    order_id: str
    client_order_id: str
    exchange_order_id: str | None
    account_name: str
    connector_name: str
    trading_pair: str
    trade_type: TradeType
    order_type: OrderType
    position_action: PositionAction
    amount: DecimalNumber
    price: DecimalNumber | None
    status: OrderState
    filled_amount: DecimalNumber
    average_fill_price: DecimalNumber | None
    fee_paid: DecimalNumber
    fee_currency: str | None
    created_at: datetime
    updated_at: datetime
    error_message: str | None

    @classmethod
    def of(cls, order: Order) -> Self:
        return cls(
            order_id=order.client_order_id,
            client_order_id=order.client_order_id,
            exchange_order_id=order.exchange_order_id,
            account_name=order.account_name,
            connector_name=order.connector_name,
            trading_pair=order.trading_pair,
            trade_type=order.trade_type,
            order_type=order.order_type,
            position_action=order.position_action,
            amount=order.amount,
            price=order.price,
            status=order.status,
            filled_amount=order.filled_amount,
            average_fill_price=order.average_fill_price,
            fee_paid=order.fee_paid,
            fee_currency=order.fee_currency,
            created_at=order.created_at,
            updated_at=order.updated_at,
            error_message=order.error_message,
        )


class TradeOut(BaseModel):
    trade_id: str
    order_id: str
    client_order_id: str
    account_name: str
    connector_name: str
    trading_pair: str
    trade_type: TradeType
    amount: DecimalNumber
    price: DecimalNumber
    fee_paid: DecimalNumber
    fee_currency: str
    is_maker: bool
    timestamp: datetime

    @classmethod
    def of(cls, row: "Row[tuple[object, ...]]") -> Self:
        """From a row of the fill table."""
        found = row._mapping
        return cls(
            trade_id=f"{found[fill.c.client_order_id]}_{found[fill.c.trade_id]}",
            order_id=found[fill.c.client_order_id],
            client_order_id=found[fill.c.client_order_id],
            account_name=found[fill.c.account_name],
            connector_name=found[fill.c.connector_name],
            trading_pair=found[fill.c.trading_pair],
            trade_type=found[fill.c.trade_type],
            amount=found[fill.c.amount],
            price=found[fill.c.price],
            fee_paid=found[fill.c.fee],
            fee_currency=found[fill.c.fee_currency],
            is_maker=found[fill.c.is_maker],
            timestamp=found[fill.c.at],
        )


class ListFilter(Tolerant):
    """What every list of ``/trading`` can be narrowed by."""

    account_names: list[str] | None = None
    connector_names: list[str] | None = aliases("connector_names", "connectors", default=None)
    trading_pairs: list[TradingPair] | None = None
    limit: Limit = 100
    cursor: str | None = None


class OrderFilter(ListFilter):
    start_time: UtcTime | None = None
    end_time: UtcTime | None = None
    status: OrderState | None = None

    @field_validator("status", mode="before")
    @classmethod
    def known_by_other_names(cls, value: object) -> object:
        return parse_state(value) if isinstance(value, str) else value


class TradeFilter(ListFilter):
    start_time: UtcTime | None = None
    end_time: UtcTime | None = None
    trade_types: list[AnyCaseTradeType] | None = None


class Message(BaseModel):
    message: str


def _plain(value: Decimal) -> Decimal:
    """Without the zeros that NUMERIC(36, 18) pads."""
    return value.normalize() + 0
