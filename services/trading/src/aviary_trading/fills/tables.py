from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    String,
    Table,
    UniqueConstraint,
    text,
)

from aviary_trading.metadata import metadata
from aviary_trading.orders.tables import Money

fill = Table(
    "fill",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("order_id", ForeignKey("trading_order.id"), nullable=False),
    Column("account_name", String(64), nullable=False),
    Column("connector_name", String(64), nullable=False),
    Column("trading_pair", String(64), nullable=False),
    Column("trade_id", String(128), nullable=False),
    Column("client_order_id", String(64), nullable=False),
    Column("trade_type", String(8), nullable=False),
    Column("amount", Money, nullable=False),
    Column("price", Money, nullable=False),
    Column("fee", Money, nullable=False),
    Column("fee_currency", String(32), nullable=False),
    Column("fee_quote", Money),
    Column("is_maker", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    # Per order: when two orders of one account meet, both fills carry the same trade id.
    UniqueConstraint("order_id", "trade_id", name="fill_trade_id"),
    Index("fill_newest", "at", "id"),
    Index("fill_newest_of_account", "account_name", "at", "id"),
    Index("fill_without_fee_quote", "account_name", "connector_name", postgresql_where=text("fee_quote is null")),
)
