"""One row for what is wrong with a bot right now; it goes when that is over."""

from sqlalchemy import Column, DateTime, String, Table, func

from aviary_orchestration.metadata import metadata

bot_problem = Table(
    "bot_problem",
    metadata,
    Column("bot_name", String(96), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("detail", String, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
