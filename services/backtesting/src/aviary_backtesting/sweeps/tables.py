"""A row per sweep, and one per step of it: a shard of configs, a choice of the next ones, or the end.

Configs below ``next_index`` have been given out, ``done`` of them are computed. While ``alone`` one step is under way
that no other may be beside. ``venue_terms`` are those that the first worker found, for all of them. ``rate`` is configs
per second and worker. In a step ``attempt`` fences what is written.
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
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from aviary_backtesting.metadata import metadata

IS_UNFINISHED: Final = "status in ('pending', 'running')"

sweep_table = Table(
    "sweep",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("sweep_id", String(8), nullable=False, unique=True),
    Column("controller_name", String(128), nullable=False),
    Column("config", JSONB, nullable=False),
    Column("start_s", Double, nullable=False),
    Column("end_s", Double, nullable=False),
    Column("resolution", String(8), nullable=False),
    Column("mode", String(16), nullable=False),
    Column("costs", JSONB, nullable=False),
    Column("min_coverage", Double, nullable=False),
    Column("candles", String(32)),
    Column("balances", JSONB, nullable=False, server_default=text("'{}'")),
    Column("funding_rate", Double),
    Column("space", JSONB, nullable=False),
    Column("method", String(8), nullable=False),
    Column("trials", BigInteger, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("objective", String(32), nullable=False),
    Column("is_largest_best", Boolean, nullable=False),
    Column("split", JSONB, nullable=False),
    Column("best", Integer, nullable=False),
    Column("batch", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("next_index", BigInteger, nullable=False, server_default=text("0")),
    Column("done", BigInteger, nullable=False, server_default=text("0")),
    Column("invalid", BigInteger, nullable=False, server_default=text("0")),
    Column("alone", Boolean, nullable=False, server_default=text("false")),
    Column("rate", Double),
    Column("bytes", BigInteger, nullable=False, server_default=text("0")),
    Column("venue_terms", JSONB(none_as_null=True)),
    Column("error", JSONB),
    Column("result", JSONB),
    Column("served_at", DateTime(timezone=True), nullable=False, server_default=func.to_timestamp(0)),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("started_at", DateTime(timezone=True)),
    Column("completed_at", DateTime(timezone=True)),
)
Index("sweep_unfinished", sweep_table.c.id, postgresql_where=text(IS_UNFINISHED))

step_table = Table(
    "sweep_shard",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("sweep", BigInteger, ForeignKey(sweep_table.c.id, ondelete="CASCADE"), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("configs", Integer, nullable=False),
    Column("points", JSONB),
    Column("status", String(16), nullable=False),
    Column("attempt", Integer, nullable=False, server_default=text("0")),
    Column("given_back", Integer, nullable=False, server_default=text("0")),
    Column("worker", String(128)),
    Column("heartbeat_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("computed_s", Double),
    Column("candle_digest", String(64)),
    Column("block", LargeBinary),
    UniqueConstraint("sweep", "kind", "first", name="sweep_shard_once"),
)
Index("sweep_shard_unfinished", step_table.c.id, postgresql_where=text("status in ('pending', 'running')"))
