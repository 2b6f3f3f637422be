"""Every event, one model per subject. ``docs/events.md`` is written from this module.

Amounts and prices are exact decimals, written as JSON text.
"""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Final

from aviary_common.bus import Event


class CredentialAdded(Event):
    """Credentials were checked at the venue and stored (also when they replace older ones)."""

    subject: ClassVar[str] = "aviary.accounts.credential.added"

    account_name: str
    connector_name: str


class CredentialRemoved(Event):
    """Credentials are gone; sessions that use them end."""

    subject: ClassVar[str] = "aviary.accounts.credential.removed"

    account_name: str
    connector_name: str


class OrderChanged(Event):
    """What all order events tell: the order as it is after the change."""

    account_name: str
    connector_name: str
    client_order_id: str
    exchange_order_id: str | None
    trading_pair: str
    trade_type: str
    order_type: str
    amount: Decimal
    price: Decimal | None
    status: str
    filled_amount: Decimal
    average_fill_price: Decimal | None
    at: datetime


class OrderAccepted(OrderChanged):
    """The venue has the order."""

    subject: ClassVar[str] = "aviary.trading.order.accepted"


class OrderFilled(OrderChanged):
    """One more execution; ``status`` says whether the order is complete."""

    subject: ClassVar[str] = "aviary.trading.order.filled"

    trade_id: str
    fill_amount: Decimal
    fill_price: Decimal
    fee: Decimal
    fee_currency: str


class OrderCancelled(OrderChanged):
    """Nothing more will be filled; what was filled before stays."""

    subject: ClassVar[str] = "aviary.trading.order.cancelled"


class OrderRejected(OrderChanged):
    """The venue proved that it does not have the order."""

    subject: ClassVar[str] = "aviary.trading.order.rejected"

    reason: str


class OrderUnresolved(OrderChanged):
    """Nobody knows yet whether the venue has the order; it is being looked up."""

    subject: ClassVar[str] = "aviary.trading.order.unresolved"

    reason: str


class BalanceChanged(Event):
    """Balances of an account moved at the venue."""

    subject: ClassVar[str] = "aviary.trading.balance.changed"

    account_name: str
    connector_name: str
    tokens: list[str]


ALL: Final[tuple[type[Event], ...]] = (
    CredentialAdded,
    CredentialRemoved,
    OrderAccepted,
    OrderFilled,
    OrderCancelled,
    OrderRejected,
    OrderUnresolved,
    BalanceChanged,
)
