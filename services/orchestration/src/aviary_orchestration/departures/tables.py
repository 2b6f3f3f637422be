"""One row per job; at most one unfinished job for a bot."""

from typing import Final

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, String, Table, func, text
from sqlalchemy.dialects.postgresql import JSONB

from aviary_orchestration.metadata import metadata

IS_UNFINISHED: Final = "state in ('queued', 'running')"

bot_job = Table(
    "bot_job",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("bot_name", String(96), nullable=False),
    Column("state", String(16), nullable=False),
    Column("options", JSONB, nullable=False),
    Column("steps", JSONB, nullable=False),
    Column("error", String),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
Index("bot_job_unfinished", bot_job.c.bot_name, unique=True, postgresql_where=text(IS_UNFINISHED))
