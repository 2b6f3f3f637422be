from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, String, Table, UniqueConstraint

from aviary_gateway_proxy.metadata import metadata
from aviary_gateway_proxy.transactions.tables import Money

amm_position = Table(
    "amm_position",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("pool_address", String(128), nullable=False),
    Column("network", String(96), nullable=False),
    Column("connector", String(64), nullable=False),
    Column("wallet_address", String(128), nullable=False),
    Column("trading_pair", String(160), nullable=False),
    Column("base_token", String(80), nullable=False),
    Column("quote_token", String(80), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("status", String(16), nullable=False),
    Column("deposited_base_amount", Money, nullable=False),
    Column("deposited_quote_amount", Money, nullable=False),
    Column("withdrawn_base_amount", Money, nullable=False),
    Column("withdrawn_quote_amount", Money, nullable=False),
    Column("last_updated", DateTime(timezone=True), nullable=False),
    UniqueConstraint("wallet_address", "pool_address", "connector", "network", name="amm_position_share"),
    Index("amm_position_newest", "created_at", "id"),
    Index("amm_position_newest_of_wallet", "wallet_address", "created_at", "id"),
    Index("amm_position_newest_of_pool", "pool_address", "created_at", "id"),
    Index("amm_position_newest_in_status", "status", "created_at", "id"),
)
