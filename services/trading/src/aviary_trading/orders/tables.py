from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    UniqueConstraint,
    text,
)

from aviary_trading.metadata import metadata

Money = Numeric(36, 18)

IS_ACTIVE: Final = "status in ('OPEN', 'PARTIALLY_FILLED', 'PENDING_CANCEL', 'PENDING_CREATE')"
"""Written out in queries too, so that the planner sees that the small index will do."""
IS_UNCLEAR: Final = "(status in ('PENDING_CANCEL', 'PENDING_CREATE') or filled_amount < venue_filled_amount)"

order = Table(
    "trading_order",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("account_name", String(64), nullable=False),
    Column("connector_name", String(64), nullable=False),
    Column("client_order_id", String(64), nullable=False),
    Column("exchange_order_id", String(128)),
    Column("trading_pair", String(64), nullable=False),
    Column("trade_type", String(8), nullable=False),
    Column("order_type", String(16), nullable=False),
    Column("position_action", String(8), nullable=False),
    Column("requested_amount", Money, nullable=False),
    Column("requested_price", Money),
    Column("amount", Money, nullable=False),
    Column("price", Money),
    Column("status", String(20), nullable=False),
    Column("filled_amount", Money, nullable=False),
    Column("filled_quote", Money, nullable=False),
    Column("venue_filled_amount", Money, nullable=False),
    Column("fee_paid", Money, nullable=False),
    Column("fee_currency", String(32)),
    Column("error_message", String),
    Column("time_in_force", String(4)),
    Column("venue_client_id", String(64)),
    Column("fee_quote", Money),
    Column("settled", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("account_name", "connector_name", "client_order_id", name="trading_order_client_id"),
    Index("trading_order_newest", "created_at", "id"),
    Index("trading_order_newest_of_account", "account_name", "created_at", "id"),
    Index("trading_order_newest_in_state", "status", "created_at", "id"),
    Index("trading_order_active", "id", postgresql_where=text(IS_ACTIVE)),
    Index("trading_order_unclear", "account_name", "connector_name", postgresql_where=text(IS_UNCLEAR)),
    Index("trading_order_exchange_id", "account_name", "connector_name", "exchange_order_id"),
    Index("trading_order_unsettled", "account_name", "connector_name", postgresql_where=text("not settled")),
)
