"""One row per download. ``wanted_end_s`` is zero where the end was "now"; gaps are few and stand in the row."""

from typing import Final

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, String, Table, func, text
from sqlalchemy.dialects.postgresql import JSONB

from aviary_market_data.metadata import metadata

IS_UNFINISHED: Final = "state in ('queued', 'running')"

download_table = Table(
    "candle_download",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("connector", String(64), nullable=False),
    Column("trading_pair", String(64), nullable=False),
    Column("interval", String(8), nullable=False),
    Column("start_s", BigInteger, nullable=False),
    Column("end_s", BigInteger, nullable=False),
    Column("wanted_end_s", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("position_s", BigInteger, nullable=False),
    Column("gaps", JSONB, nullable=False),
    Column("error", String),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
Index(
    "candle_download_unfinished",
    *(download_table.c[name] for name in ("connector", "trading_pair", "interval", "start_s", "wanted_end_s")),
    unique=True,
    postgresql_where=text(IS_UNFINISHED),
)
