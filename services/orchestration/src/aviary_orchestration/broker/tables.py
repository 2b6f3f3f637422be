from sqlalchemy import Column, DateTime, LargeBinary, String, Table, func

from aviary_orchestration.metadata import metadata

bot_identity = Table(
    "bot_identity",
    metadata,
    Column("bot_name", String(64), primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("password_hash", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
