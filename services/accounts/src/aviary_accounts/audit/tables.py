from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, LargeBinary, String, Table
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from aviary_accounts.metadata import metadata

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("id", UUID(as_uuid=True), nullable=False, unique=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("user", String, nullable=False),
    Column("key_id", String),
    Column("service", String, nullable=False),
    Column("method", String, nullable=False),
    Column("route", String, nullable=False),
    Column("path", String, nullable=False),
    Column("status", Integer, nullable=False),
    Column("request_id", String, nullable=False),
    Column("client", String, nullable=False),
    Column("accounts", ARRAY(String), nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("audit_entry_user", "user", "seq"),
    Index("audit_entry_at", "at"),
)
