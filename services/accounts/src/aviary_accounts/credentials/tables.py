from sqlalchemy import Column, DateTime, ForeignKey, String, Table, func
from sqlalchemy.dialects.postgresql import JSONB

from aviary_accounts.metadata import metadata

credential = Table(
    "credential",
    metadata,
    Column("account_name", ForeignKey("account.name", ondelete="CASCADE"), primary_key=True),
    Column("connector_name", String(64), primary_key=True),
    Column("sealed", JSONB, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
