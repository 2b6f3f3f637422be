"""``sequence`` is the message's number in the stream that it came through: a message that comes twice counts once."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Integer, String, Table
from sqlalchemy.dialects.postgresql import JSONB

from aviary_orchestration.metadata import metadata

bot_log = Table(
    "bot_log",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("heard_at", DateTime(timezone=True), nullable=False),
    Column("bot_name", String(96), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("level_no", Integer, nullable=False),
    Column("level_name", String(16), nullable=False),
    Column("logger_name", String(128), nullable=False),
    Column("msg", String, nullable=False),
)
Index("bot_log_message", bot_log.c.sequence, bot_log.c.heard_at, unique=True)
Index("bot_log_of_bot", bot_log.c.bot_name, bot_log.c.id)
Index("bot_log_heard_at", bot_log.c.heard_at)

bot_event = Table(
    "bot_event",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("heard_at", DateTime(timezone=True), nullable=False),
    Column("bot_name", String(96), nullable=False),
    Column("topic", String(16), nullable=False),
    Column("type", String(64), nullable=False),
    Column("data", JSONB, nullable=False),
)
Index("bot_event_message", bot_event.c.sequence, bot_event.c.heard_at, unique=True)
Index("bot_event_of_bot", bot_event.c.bot_name, bot_event.c.id)
Index("bot_event_heard_at", bot_event.c.heard_at)

controller_performance = Table(
    "controller_performance",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("bot_name", String(96), nullable=False),
    Column("controller_id", String(128), nullable=False),
    Column("status", String(16), nullable=False),
    Column("performance", JSONB, nullable=False),
    Column("custom_info", JSONB, nullable=False),
)
Index(
    "controller_performance_of_bot",
    *(controller_performance.c[name] for name in ("bot_name", "controller_id", "at", "id")),
)
Index("controller_performance_at", controller_performance.c.at, controller_performance.c.id)
