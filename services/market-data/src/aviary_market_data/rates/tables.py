"""Which source rates come from, and in which token; one row at most, none until somebody chooses."""

from sqlalchemy import Boolean, CheckConstraint, Column, DateTime, String, Table, func, true

from aviary_market_data.metadata import metadata

rate_source = Table(
    "rate_source",
    metadata,
    Column("single", Boolean, CheckConstraint("single"), primary_key=True, server_default=true()),
    Column("source", String(64), nullable=False),
    Column("quote_token", String(32), nullable=False),
    Column("quote_symbol", String(16), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
