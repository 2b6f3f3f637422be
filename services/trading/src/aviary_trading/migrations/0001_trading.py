"""Orders, fills and the outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Money = sa.Numeric(36, 18)


def upgrade() -> None:
    op.create_table(
        "trading_order",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("account_name", sa.String(64), nullable=False),
        sa.Column("connector_name", sa.String(64), nullable=False),
        sa.Column("client_order_id", sa.String(64), nullable=False),
        sa.Column("exchange_order_id", sa.String(128)),
        sa.Column("trading_pair", sa.String(64), nullable=False),
        sa.Column("trade_type", sa.String(8), nullable=False),
        sa.Column("order_type", sa.String(16), nullable=False),
        sa.Column("position_action", sa.String(8), nullable=False),
        sa.Column("requested_amount", Money, nullable=False),
        sa.Column("requested_price", Money),
        sa.Column("amount", Money, nullable=False),
        sa.Column("price", Money),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("filled_amount", Money, nullable=False),
        sa.Column("filled_quote", Money, nullable=False),
        sa.Column("venue_filled_amount", Money, nullable=False),
        sa.Column("fee_paid", Money, nullable=False),
        sa.Column("fee_currency", sa.String(32)),
        sa.Column("error_message", sa.String),
        sa.Column("settled", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("account_name", "connector_name", "client_order_id", name="trading_order_client_id"),
    )
    op.create_index("trading_order_newest", "trading_order", ["created_at", "id"])
    op.create_index(
        "trading_order_exchange_id", "trading_order", ["account_name", "connector_name", "exchange_order_id"]
    )
    op.create_index(
        "trading_order_unsettled",
        "trading_order",
        ["account_name", "connector_name"],
        postgresql_where=sa.text("not settled"),
    )
    op.create_table(
        "fill",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("order_id", sa.BigInteger, sa.ForeignKey("trading_order.id"), nullable=False),
        sa.Column("account_name", sa.String(64), nullable=False),
        sa.Column("connector_name", sa.String(64), nullable=False),
        sa.Column("trading_pair", sa.String(64), nullable=False),
        sa.Column("trade_id", sa.String(128), nullable=False),
        sa.Column("client_order_id", sa.String(64), nullable=False),
        sa.Column("trade_type", sa.String(8), nullable=False),
        sa.Column("amount", Money, nullable=False),
        sa.Column("price", Money, nullable=False),
        sa.Column("fee", Money, nullable=False),
        sa.Column("fee_currency", sa.String(32), nullable=False),
        sa.Column("is_maker", sa.Boolean, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("order_id", "trade_id", name="fill_trade_id"),
    )
    op.create_index("fill_newest", "fill", ["at", "id"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("message_id", postgresql.UUID(as_uuid=True), nullable=False, unique=True),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("payload", postgresql.JSONB, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def downgrade() -> None:
    for table in ("outbox", "fill", "trading_order"):
        op.drop_table(table)
