from sqlalchemy import Column, DateTime, Index, String, Table, func
from sqlalchemy.dialects.postgresql import ARRAY

from aviary_accounts.metadata import metadata

api_key = Table(
    "api_key",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("scope", String(16), nullable=False),
    Column("accounts", ARRAY(String(64))),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True)),
    Column("last_used_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
    Index("api_key_owner", "owner", "id"),
)
"""The owner may be the first user, who has no row."""
