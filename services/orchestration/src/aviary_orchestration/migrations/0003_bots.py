"""Bots: runs, jobs, problems, and what is written down of them."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bot_run",
        _id(),
        sa.Column("bot_name", sa.String(96), nullable=False, unique=True),
        sa.Column("asked_name", sa.String(64), nullable=False),
        sa.Column("deployed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("stopped_at", sa.DateTime(timezone=True)),
        sa.Column("strategy_type", sa.String(16), nullable=False),
        sa.Column("strategy_name", sa.String(128), nullable=False),
        sa.Column("config_name", sa.String(128)),
        sa.Column("account_name", sa.String(64), nullable=False),
        sa.Column("image_version", sa.String(256)),
        sa.Column("desired", sa.String(16), nullable=False),
        sa.Column("deployment_status", sa.String(16), nullable=False),
        sa.Column("run_status", sa.String(16), nullable=False),
        sa.Column("deployment_config", postgresql.JSONB, nullable=False),
        sa.Column("final_status", postgresql.JSONB),
        sa.Column("error_message", sa.String),
    )
    op.create_index("bot_run_asked_name", "bot_run", ["asked_name"])
    op.create_index("bot_run_deployment_status", "bot_run", ["deployment_status"])
    op.create_table(
        "bot_job",
        _id(),
        sa.Column("bot_name", sa.String(96), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("options", postgresql.JSONB, nullable=False),
        sa.Column("steps", postgresql.JSONB, nullable=False),
        sa.Column("error", sa.String),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_index(
        "bot_job_unfinished",
        "bot_job",
        ["bot_name"],
        unique=True,
        postgresql_where=sa.text("state in ('queued', 'running')"),
    )
    op.create_table(
        "bot_problem",
        sa.Column("bot_name", sa.String(96), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_table(
        "bot_log",
        _id(),
        *_message(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level_no", sa.Integer, nullable=False),
        sa.Column("level_name", sa.String(16), nullable=False),
        sa.Column("logger_name", sa.String(128), nullable=False),
        sa.Column("msg", sa.String, nullable=False),
    )
    op.create_table(
        "bot_event",
        _id(),
        *_message(),
        sa.Column("topic", sa.String(16), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("data", postgresql.JSONB, nullable=False),
    )
    for table in ("bot_log", "bot_event"):
        op.create_index(f"{table}_message", table, ["sequence", "heard_at"], unique=True)
        op.create_index(f"{table}_of_bot", table, ["bot_name", "id"])
        op.create_index(f"{table}_heard_at", table, ["heard_at"])
    op.create_table(
        "controller_performance",
        _id(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bot_name", sa.String(96), nullable=False),
        sa.Column("controller_id", sa.String(128), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("performance", postgresql.JSONB, nullable=False),
        sa.Column("custom_info", postgresql.JSONB, nullable=False),
    )
    op.create_index(
        "controller_performance_of_bot", "controller_performance", ["bot_name", "controller_id", "at", "id"]
    )
    op.create_index("controller_performance_at", "controller_performance", ["at", "id"])


def downgrade() -> None:
    for table in ("controller_performance", "bot_event", "bot_log", "bot_problem", "bot_job", "bot_run"):
        op.drop_table(table)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True)


def _message() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bot_name", sa.String(96), nullable=False),
    )
