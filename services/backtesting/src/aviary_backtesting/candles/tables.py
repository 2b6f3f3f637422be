"""Candles that somebody has sent, known by their digest."""

from sqlalchemy import BigInteger, Column, DateTime, Double, Integer, LargeBinary, String, Table, func

from aviary_backtesting.metadata import metadata

upload_table = Table(
    "candle_upload",
    metadata,
    Column("digest", String(32), primary_key=True),
    Column("interval_s", Integer, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("start_s", Double, nullable=False),
    Column("end_s", Double, nullable=False),
    Column("used_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("content", LargeBinary, nullable=False),
)
