"""The catalogue: what has been fetched, what is in the files, and what is missing and why. Times are in seconds."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    func,
)

from aviary_market_data.metadata import metadata

series_table = Table(
    "candle_series",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("connector", String(64), nullable=False),
    Column("trading_pair", String(64), nullable=False),
    Column("interval", String(8), nullable=False),
    UniqueConstraint("connector", "trading_pair", "interval"),
)


def _of_series() -> Column[int]:
    return Column("series_id", BigInteger, ForeignKey("candle_series.id", ondelete="CASCADE"), nullable=False)


range_table = Table(
    "candle_range",
    metadata,
    _of_series(),
    Column("start_s", BigInteger, nullable=False),
    Column("end_s", BigInteger, nullable=False),
    PrimaryKeyConstraint("series_id", "start_s"),
)
gap_table = Table(
    "candle_gap",
    metadata,
    _of_series(),
    Column("start_s", BigInteger, nullable=False),
    Column("end_s", BigInteger, nullable=False),
    Column("reason", String(64), nullable=False),
    PrimaryKeyConstraint("series_id", "start_s"),
)
month_table = Table(
    "candle_month",
    metadata,
    _of_series(),
    Column("month", String(7), nullable=False),
    Column("digest", String(32), nullable=False),
    Column("next_digest", String(32)),
    Column("rows", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    PrimaryKeyConstraint("series_id", "month"),
)
