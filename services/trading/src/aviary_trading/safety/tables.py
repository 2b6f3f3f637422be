from sqlalchemy import ARRAY, Column, DateTime, Integer, String, Table

from aviary_trading.metadata import metadata
from aviary_trading.orders.tables import Money

halt = Table(
    "trading_halt",
    metadata,
    Column("account_name", String(64), primary_key=True),
    Column("reason", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

risk_limit = Table(
    "risk_limit",
    metadata,
    Column("account_name", String(64), primary_key=True),
    Column("max_order_notional", Money),
    Column("max_open_orders", Integer),
    Column("max_daily_loss", Money),
    Column("max_orders_per_minute", Integer),
    Column("allowed_pairs", ARRAY(String(64))),
)
