"""The catalogue of stored candles, and the downloads into it. Times of candles are seconds since 1970."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _series() -> sa.Column[int]:
    return sa.Column("series_id", sa.BigInteger, sa.ForeignKey("candle_series.id", ondelete="CASCADE"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "candle_series",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("connector", sa.String(64), nullable=False),
        sa.Column("trading_pair", sa.String(64), nullable=False),
        sa.Column("interval", sa.String(8), nullable=False),
        sa.UniqueConstraint("connector", "trading_pair", "interval"),
    )
    op.create_table(
        "candle_range",
        _series(),
        sa.Column("start_s", sa.BigInteger, nullable=False),
        sa.Column("end_s", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("series_id", "start_s"),
    )
    op.create_table(
        "candle_gap",
        _series(),
        sa.Column("start_s", sa.BigInteger, nullable=False),
        sa.Column("end_s", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("series_id", "start_s"),
    )
    op.create_table(
        "candle_month",
        _series(),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("next_digest", sa.String(32)),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("series_id", "month"),
    )
    op.create_table(
        "candle_download",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("connector", sa.String(64), nullable=False),
        sa.Column("trading_pair", sa.String(64), nullable=False),
        sa.Column("interval", sa.String(8), nullable=False),
        sa.Column("start_s", sa.BigInteger, nullable=False),
        sa.Column("end_s", sa.BigInteger, nullable=False),
        sa.Column("wanted_end_s", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("position_s", sa.BigInteger, nullable=False),
        sa.Column("gaps", postgresql.JSONB, nullable=False),
        sa.Column("error", sa.String),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_index(
        "candle_download_unfinished",
        "candle_download",
        ["connector", "trading_pair", "interval", "start_s", "wanted_end_s"],
        unique=True,
        postgresql_where=sa.text("state in ('queued', 'running')"),
    )


def downgrade() -> None:
    for table in ("candle_download", "candle_month", "candle_gap", "candle_range", "candle_series"):
        op.drop_table(table)
