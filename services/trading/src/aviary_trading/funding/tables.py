from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, String, Table, UniqueConstraint

from aviary_trading.metadata import metadata
from aviary_trading.orders.tables import Money

funding_payment = Table(
    "funding_payment",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("account_name", String(64), nullable=False),
    Column("connector_name", String(64), nullable=False),
    Column("trading_pair", String(64), nullable=False),
    Column("payment_id", String(128), nullable=False),
    Column("amount", Money, nullable=False),
    Column("currency", String(32), nullable=False),
    Column("rate", Money),
    Column("position_size", Money),
    Column("position_side", String(8)),
    Column("at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("account_name", "connector_name", "trading_pair", "payment_id", name="funding_payment_once"),
    Index("funding_payment_newest", "at", "id"),
    Index("funding_payment_newest_of_account", "account_name", "connector_name", "at", "id"),
)
