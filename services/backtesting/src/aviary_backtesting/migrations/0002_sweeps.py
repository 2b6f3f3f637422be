"""Sweeps and their shards."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sweep",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("sweep_id", sa.String(8), nullable=False, unique=True),
        sa.Column("controller_name", sa.String(128), nullable=False),
        sa.Column("config", postgresql.JSONB, nullable=False),
        sa.Column("start_s", sa.Double, nullable=False),
        sa.Column("end_s", sa.Double, nullable=False),
        sa.Column("resolution", sa.String(8), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("costs", postgresql.JSONB, nullable=False),
        sa.Column("min_coverage", sa.Double, nullable=False),
        sa.Column("candles", sa.String(32)),
        sa.Column("space", postgresql.JSONB, nullable=False),
        sa.Column("method", sa.String(8), nullable=False),
        sa.Column("trials", sa.BigInteger, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("objective", sa.String(32), nullable=False),
        sa.Column("is_largest_best", sa.Boolean, nullable=False),
        sa.Column("split", postgresql.JSONB, nullable=False),
        sa.Column("best", sa.Integer, nullable=False),
        sa.Column("batch", sa.Integer, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        _number("next_index"),
        _number("done"),
        _number("invalid"),
        sa.Column("alone", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("rate", sa.Double),
        _number("bytes"),
        sa.Column("error", postgresql.JSONB),
        sa.Column("result", postgresql.JSONB),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.to_timestamp(0)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "sweep_shard",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("sweep", sa.BigInteger, sa.ForeignKey("sweep.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("configs", sa.Integer, nullable=False),
        sa.Column("points", postgresql.JSONB),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("given_back", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("worker", sa.String(128)),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("computed_s", sa.Double),
        sa.Column("candle_digest", sa.String(64)),
        sa.Column("block", sa.LargeBinary),
        sa.UniqueConstraint("sweep", "kind", "first", name="sweep_shard_once"),
    )
    unfinished = sa.text("status in ('pending', 'running')")
    op.create_index("sweep_unfinished", "sweep", ["id"], postgresql_where=unfinished)
    op.create_index("sweep_shard_unfinished", "sweep_shard", ["id"], postgresql_where=unfinished)
    op.execute("alter table sweep_shard alter column block set storage external")


def downgrade() -> None:
    op.drop_table("sweep_shard")
    op.drop_table("sweep")


def _number(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger, nullable=False, server_default=sa.text("0"))
