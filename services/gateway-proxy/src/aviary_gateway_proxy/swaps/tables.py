from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Identity, Index, Numeric, String, Table, text

from aviary_gateway_proxy.metadata import metadata
from aviary_gateway_proxy.transactions.tables import Money

swap = Table(
    "swap",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("transaction_id", ForeignKey("gateway_transaction.id"), unique=True),
    Column("transaction_hash", String(128)),
    Column("timestamp", DateTime(timezone=True), nullable=False),
    Column("network", String(96), nullable=False),
    Column("connector", String(64), nullable=False),
    Column("trading_type", String(16), nullable=False),
    Column("wallet_address", String(128), nullable=False),
    Column("trading_pair", String(160), nullable=False),
    Column("base_token", String(80), nullable=False),
    Column("quote_token", String(80), nullable=False),
    Column("side", String(4), nullable=False),
    Column("amount", Money, nullable=False),
    Column("input_amount", Money),
    Column("output_amount", Money),
    Column("price", Money),
    Column("slippage_pct", Numeric(10, 6)),
    Column("gas_fee", Money),
    Column("gas_token", String(32)),
    Column("status", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("pool_address", String(128)),
    Column("quote_id", String(128)),
    Column("error_message", String),
    # One for each filter in the order of the pages. The last three find few rows among many, and hold what else is
    # filtered by; nearly all swaps are confirmed, so that nobody needs an index for those.
    Index("swap_newest", "timestamp", "id"),
    Index("swap_newest_on_network", "network", "timestamp", "id"),
    Index("swap_newest_of_connector", "connector", "timestamp", "id"),
    Index("swap_newest_on_network_of_connector", "network", "connector", "timestamp", "id"),
    Index(
        "swap_newest_of_wallet",
        "wallet_address",
        "timestamp",
        "id",
        postgresql_include=["network", "connector", "trading_pair", "status"],
    ),
    Index(
        "swap_newest_of_pair",
        "trading_pair",
        "timestamp",
        "id",
        postgresql_include=["network", "connector", "wallet_address", "status"],
    ),
    Index(
        "swap_newest_not_confirmed",
        "status",
        "timestamp",
        "id",
        postgresql_include=["network", "connector", "wallet_address", "trading_pair"],
        postgresql_where=text("status <> 'CONFIRMED'"),
    ),
    Index("swap_hash", "transaction_hash"),
)
