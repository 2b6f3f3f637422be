"""A row per run, which is the record of it, and its result in parts beside it.

``attempt`` counts who has begun it and fences what they write; ``given_back`` those who stopped in good order.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from aviary_backtesting.metadata import metadata

IS_UNFINISHED: Final = "status in ('pending', 'running') or not saved"

run_table = Table(
    "run",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("run_id", String(8), nullable=False, unique=True),
    Column("kind", String(8), nullable=False),
    Column("controller_name", String(128), nullable=False),
    Column("config", JSONB, nullable=False),
    Column("start_s", Double, nullable=False),
    Column("end_s", Double, nullable=False),
    Column("resolution", String(8), nullable=False),
    Column("mode", String(16), nullable=False),
    Column("costs", JSONB, nullable=False),
    Column("min_coverage", Double, nullable=False),
    Column("candles", String(32)),
    Column("source", JSONB(none_as_null=True)),
    Column("balances", JSONB, nullable=False, server_default=text("'{}'")),
    Column("funding_rate", Double),
    Column("status", String(16), nullable=False),
    Column("phase", String(16)),
    Column("progress", Double, nullable=False, server_default=text("0")),
    Column("error", JSONB),
    Column("worker", String(128)),
    Column("attempt", Integer, nullable=False, server_default=text("0")),
    Column("given_back", Integer, nullable=False, server_default=text("0")),
    Column("heartbeat_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("started_at", DateTime(timezone=True)),
    Column("completed_at", DateTime(timezone=True)),
    Column("saved", Boolean, nullable=False, server_default=text("true")),
    Column("bytes", BigInteger, nullable=False, server_default=text("0")),
    Column("engine_version", String(16)),
    Column("candle_digest", String(64)),
    Column("digest", String(64)),
    Column("summary", JSONB),
    Column("metrics", JSONB),
    Column("tables", JSONB),
    Column("coverage", JSONB),
    Column("venue_terms", JSONB),
    Column("warnings", JSONB),
)
Index("run_unfinished", run_table.c.id, postgresql_where=text(IS_UNFINISHED))
Index("run_controller_name", run_table.c.controller_name, run_table.c.id)

part_table = Table(
    "result_part",
    metadata,
    Column("run", BigInteger, ForeignKey(run_table.c.id, ondelete="CASCADE"), primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("rows", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
