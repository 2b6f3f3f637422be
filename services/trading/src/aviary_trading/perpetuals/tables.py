from sqlalchemy import Column, Integer, String, Table

from aviary_trading.metadata import metadata

position_mode = Table(
    "position_mode",
    metadata,
    Column("account_name", String(64), primary_key=True),
    Column("connector_name", String(64), primary_key=True),
    Column("mode", String(8), nullable=False),
)

leverage = Table(
    "leverage",
    metadata,
    Column("account_name", String(64), primary_key=True),
    Column("connector_name", String(64), primary_key=True),
    Column("trading_pair", String(64), primary_key=True),
    Column("leverage", Integer, nullable=False),
)
