from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Identity, Index, Numeric, String, Table, text
from sqlalchemy.dialects.postgresql import JSONB

from aviary_gateway_proxy.metadata import metadata

Money = Numeric(60, 18)
"""Token amounts: some have supplies beyond 10^18, and prices of theirs are tiny."""

IS_UNFINISHED: Final = "state in ('PENDING', 'SENT', 'SUBMITTED', 'UNKNOWN')"
"""Written out in queries too, so that the planner sees that the small index will do."""

transaction = Table(
    "gateway_transaction",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("chain", String(32), nullable=False),
    Column("network", String(64), nullable=False),
    Column("connector", String(64)),
    Column("wallet", String(128), nullable=False),
    Column("path", String(256), nullable=False),
    Column("request", JSONB, nullable=False),
    Column("about", JSONB, nullable=False),
    Column("before", JSONB, nullable=False),
    Column("result", JSONB),
    Column("state", String(16), nullable=False),
    Column("in_flight", Boolean, nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("hash", String(128)),
    Column("fee", Money),
    Column("fee_token", String(32)),
    Column("error", String),
    Column("owner", String(64), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("sent_at", DateTime(timezone=True)),
    Column("settled_at", DateTime(timezone=True)),
    Column("look_at", DateTime(timezone=True), nullable=False),
    Index("gateway_transaction_turn", "chain", "network", "wallet", unique=True, postgresql_where=text("in_flight")),
    Index(
        "gateway_transaction_waiting",
        "chain",
        "network",
        "wallet",
        "id",
        postgresql_where=text("state = 'PENDING'"),
    ),
    Index("gateway_transaction_unfinished", "look_at", postgresql_where=text(IS_UNFINISHED)),
    Index("gateway_transaction_hash", "hash"),
)
