"""Runs, their results, candles that were sent, and the outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("message_id", postgresql.UUID(as_uuid=True), nullable=False, unique=True),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("payload", postgresql.JSONB, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        _moment("created_at"),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("run_id", sa.String(8), nullable=False, unique=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("controller_name", sa.String(128), nullable=False),
        sa.Column("config", postgresql.JSONB, nullable=False),
        sa.Column("start_s", sa.Double, nullable=False),
        sa.Column("end_s", sa.Double, nullable=False),
        sa.Column("resolution", sa.String(8), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("costs", postgresql.JSONB, nullable=False),
        sa.Column("min_coverage", sa.Double, nullable=False),
        sa.Column("candles", sa.String(32)),
        sa.Column("source", postgresql.JSONB),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("phase", sa.String(16)),
        sa.Column("progress", sa.Double, nullable=False, server_default=sa.text("0")),
        sa.Column("error", postgresql.JSONB),
        sa.Column("worker", sa.String(128)),
        sa.Column("attempt", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("given_back", sa.Integer, nullable=False, server_default=sa.text("0")),
        _moment("heartbeat_at"),
        _moment("created_at"),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        sa.Column("saved", sa.Boolean, nullable=False, server_default=sa.text("true")),
        sa.Column("bytes", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("engine_version", sa.String(16)),
        sa.Column("candle_digest", sa.String(64)),
        sa.Column("digest", sa.String(64)),
        sa.Column("summary", postgresql.JSONB),
        sa.Column("metrics", postgresql.JSONB),
        sa.Column("tables", postgresql.JSONB),
        sa.Column("coverage", postgresql.JSONB),
        sa.Column("warnings", postgresql.JSONB),
    )
    unfinished = sa.text("status in ('pending', 'running') or not saved")
    op.create_index("run_unfinished", "run", ["id"], postgresql_where=unfinished)
    op.create_index("run_controller_name", "run", ["controller_name", "id"])
    op.create_table(
        "result_part",
        sa.Column("run", sa.BigInteger, sa.ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "candle_upload",
        sa.Column("digest", sa.String(32), primary_key=True),
        sa.Column("interval_s", sa.Integer, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("start_s", sa.Double, nullable=False),
        sa.Column("end_s", sa.Double, nullable=False),
        _moment("used_at"),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    for table in ("result_part", "candle_upload"):  # they are compressed already
        op.execute(f"alter table {table} alter column content set storage external")


def downgrade() -> None:
    for table in ("candle_upload", "result_part", "run", "outbox"):
        op.drop_table(table)


def _moment(name: str) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
