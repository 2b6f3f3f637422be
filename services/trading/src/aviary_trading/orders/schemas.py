"""What ``/trading`` takes and answers."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, field_validator, model_validator

from aviary_common.access.accounts import AllowedAccount
from aviary_common.models import Amount, DecimalNumber, DecimalText, Name, Tolerant, TradingPair, case_blind, example
from aviary_exchange.types import OrderType, PositionAction, TimeInForce, TradeType
from aviary_trading.filters import TimedFilter
from aviary_trading.orders.ids import ClientOrderId
from aviary_trading.orders.record import Order
from aviary_trading.orders.states import OrderState, parse_state

AnyCaseTradeType = Annotated[TradeType, case_blind(TradeType)]
AnyCaseOrderType = Annotated[OrderType, case_blind(OrderType)]
AnyCaseTimeInForce = Annotated[TimeInForce, case_blind(TimeInForce)]
AnyCasePositionAction = Annotated[PositionAction, case_blind(PositionAction)]


class PlaceOrder(Tolerant):
    model_config = example(
        {
            "account_name": "master_account",
            "connector_name": "sandbox",
            "trading_pair": "BTC-USDT",
            "trade_type": "BUY",
            "order_type": "LIMIT",
            "amount": "0.01",
            "price": "50000",
            "client_order_id": "my-first-order",
        }
    )

    account_name: AllowedAccount
    connector_name: Name
    trading_pair: TradingPair
    trade_type: AnyCaseTradeType
    amount: Amount
    order_type: AnyCaseOrderType = OrderType.LIMIT
    price: Amount | None = None
    position_action: AnyCasePositionAction = PositionAction.OPEN
    time_in_force: AnyCaseTimeInForce | None = None
    client_order_id: ClientOrderId | None = None

    @model_validator(mode="after")
    def price_belongs_to_limits(self) -> Self:
        if self.order_type is not OrderType.MARKET and self.price is None:
            raise ValueError(f"price is required for {self.order_type.value} orders")
        return self


class OrderPlaced(BaseModel):
    """``status`` is ``submitted`` when the venue has the order and ``unresolved`` while that is being found out: repeat
    the request with the same client order id, or search for it, to learn the end.

    ``amount`` and ``price`` echo the request; ``submitted_amount`` and ``submitted_price`` are what went to the venue.
    """

    model_config = example(
        {
            "order_id": "my-first-order",
            "client_order_id": "my-first-order",
            "exchange_order_id": "1001",
            "account_name": "master_account",
            "connector_name": "sandbox",
            "trading_pair": "BTC-USDT",
            "trade_type": "BUY",
            "amount": "0.01",
            "order_type": "LIMIT",
            "price": "50000",
            "status": "submitted",
            "submitted_amount": "0.01",
            "submitted_price": "50000",
        }
    )

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
    """``fee_quote`` is the whole fee in the pair's quote currency, null while a part of it has no price yet."""

    order_id: str
    client_order_id: str
    exchange_order_id: str | None
    account_name: str
    connector_name: str
    trading_pair: str
    trade_type: TradeType
    order_type: OrderType
    position_action: PositionAction
    time_in_force: TimeInForce | None
    amount: DecimalNumber
    price: DecimalNumber | None
    status: OrderState
    filled_amount: DecimalNumber
    average_fill_price: DecimalNumber | None
    fee_paid: DecimalNumber
    fee_currency: str | None
    fee_quote: DecimalNumber | None
    created_at: datetime
    updated_at: datetime
    error_message: str | None


class TradeOut(BaseModel):
    model_config = example(
        {
            "trade_id": "7001",
            "order_id": "my-first-order",
            "client_order_id": "my-first-order",
            "account_name": "master_account",
            "connector_name": "sandbox",
            "trading_pair": "BTC-USDT",
            "trade_type": "BUY",
            "amount": 0.01,
            "price": 49990.5,
            "fee_paid": 0.5,
            "fee_currency": "USDT",
            "fee_quote": 0.5,
            "is_maker": False,
            "timestamp": "2026-10-01T12:00:01Z",
        }
    )

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
    fee_quote: DecimalNumber | None
    is_maker: bool
    timestamp: datetime


class OrderFilter(TimedFilter):
    model_config = example(
        {"account_names": ["master_account"], "status": "FILLED", "start_time": "2026-01-01T00:00:00Z", "limit": 50}
    )

    status: OrderState | None = None

    @field_validator("status", mode="before")
    @classmethod
    def known_by_other_names(cls, value: object) -> object:
        return parse_state(value) if isinstance(value, str) else value


class TradeFilter(TimedFilter):
    model_config = example({"trading_pairs": ["BTC-USDT"], "trade_types": ["BUY"], "limit": 50})

    trade_types: list[AnyCaseTradeType] | None = None


class Message(BaseModel):
    message: str


def _plain(value: Decimal) -> Decimal:
    """Without the zeros that NUMERIC(36, 18) pads."""
    return value.normalize() + 0
