"""One row per deployment; its instance name is unique for ever."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, String, Table, func
from sqlalchemy.dialects.postgresql import JSONB

from aviary_orchestration.metadata import metadata

bot_run = Table(
    "bot_run",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("bot_name", String(96), nullable=False, unique=True),
    Column("asked_name", String(64), nullable=False),
    Column("deployed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("stopped_at", DateTime(timezone=True)),
    Column("strategy_type", String(16), nullable=False),
    Column("strategy_name", String(128), nullable=False),
    Column("config_name", String(128)),
    Column("account_name", String(64), nullable=False),
    Column("image_version", String(256)),
    Column("desired", String(16), nullable=False),
    Column("deployment_status", String(16), nullable=False),
    Column("run_status", String(16), nullable=False),
    Column("deployment_config", JSONB, nullable=False),
    Column("final_status", JSONB),
    Column("error_message", String),
)
Index("bot_run_asked_name", bot_run.c.asked_name)
Index("bot_run_deployment_status", bot_run.c.deployment_status)
