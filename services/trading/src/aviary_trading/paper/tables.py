from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from aviary_trading.metadata import metadata
from aviary_trading.orders.tables import Money

IS_OPEN: Final = "state in ('NEW', 'RESTING')"
"""Written out in queries too, so that the planner sees that the small index will do."""

account = Table(
    "paper_account",
    metadata,
    Column("account_name", String(64), primary_key=True),
    Column("connector_name", String(64), primary_key=True),
    # Counts the changes; whoever raises it holds the account until the transaction ends.
    Column("version", BigInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

balance = Table(
    "paper_balance",
    metadata,
    Column("account_name", String(64), primary_key=True),
    Column("connector_name", String(64), primary_key=True),
    Column("token", String(32), primary_key=True),
    Column("total", Money, nullable=False),
    Column("reserved", Money, nullable=False),
    CheckConstraint("reserved >= 0 and reserved <= total", name="paper_balance_covers"),
)

order = Table(
    "paper_order",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("account_name", String(64), nullable=False),
    Column("connector_name", String(64), nullable=False),
    Column("client_order_id", String(64), nullable=False),
    Column("trading_pair", String(64), nullable=False),
    Column("trade_type", String(8), nullable=False),
    Column("order_type", String(16), nullable=False),
    Column("time_in_force", String(4)),
    Column("amount", Money, nullable=False),
    Column("price", Money),
    Column("state", String(16), nullable=False),
    Column("reserved", Money, nullable=False),
    Column("filled_amount", Money, nullable=False),
    Column("filled_quote", Money, nullable=False),
    Column("fills", Integer, nullable=False),
    Column("queue_ahead", Money),
    Column("reason", String),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("account_name", "connector_name", "client_order_id", name="paper_order_client_id"),
    Index("paper_order_open", "account_name", "connector_name", postgresql_where=text(IS_OPEN)),
)

fill = Table(
    "paper_fill",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("order_id", ForeignKey("paper_order.id"), nullable=False),
    Column("trade_id", String(64), nullable=False),
    Column("amount", Money, nullable=False),
    Column("price", Money, nullable=False),
    Column("fee", Money, nullable=False),
    Column("fee_currency", String(32), nullable=False),
    Column("is_maker", Boolean, nullable=False),
    Column("model", String(16), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("order_id", "trade_id", name="paper_fill_once"),
)

market = Table(
    "paper_market",
    metadata,
    Column("account_name", String(64), primary_key=True),
    Column("connector_name", String(64), primary_key=True),
    Column("trading_pair", String(64), primary_key=True),
    Column("seen_at", DateTime(timezone=True)),
    Column("seen_ids", ARRAY(String), nullable=False),
    # What was taken of each side of the book, by price: [displayed, taken], as texts.
    Column("bids", JSONB, nullable=False),
    Column("asks", JSONB, nullable=False),
)
