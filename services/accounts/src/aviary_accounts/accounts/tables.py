from sqlalchemy import Column, DateTime, String, Table, func

from aviary_accounts.metadata import metadata

account = Table(
    "account",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
