from sqlalchemy import Boolean, Column, DateTime, String, Table, func
from sqlalchemy.dialects.postgresql import ARRAY

from aviary_accounts.metadata import metadata

login_user = Table(
    "login_user",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("verifier", String, nullable=False),
    Column("scope", String(16), nullable=False),
    Column("accounts", ARRAY(String(64))),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
