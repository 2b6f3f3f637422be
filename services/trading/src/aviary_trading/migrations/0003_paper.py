"""Paper accounts: balances, orders, fills, and what is remembered of their markets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Money = sa.Numeric(36, 18)


def upgrade() -> None:
    op.create_table(
        "paper_account",
        sa.Column("account_name", sa.String(64), primary_key=True),
        sa.Column("connector_name", sa.String(64), primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "paper_balance",
        sa.Column("account_name", sa.String(64), primary_key=True),
        sa.Column("connector_name", sa.String(64), primary_key=True),
        sa.Column("token", sa.String(32), primary_key=True),
        sa.Column("total", Money, nullable=False),
        sa.Column("reserved", Money, nullable=False),
        sa.CheckConstraint("reserved >= 0 and reserved <= total", name="paper_balance_covers"),
    )
    _create_orders()
    op.create_table(
        "paper_market",
        sa.Column("account_name", sa.String(64), primary_key=True),
        sa.Column("connector_name", sa.String(64), primary_key=True),
        sa.Column("trading_pair", sa.String(64), primary_key=True),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.Column("seen_ids", postgresql.ARRAY(sa.String), nullable=False),
        sa.Column("bids", postgresql.JSONB, nullable=False),
        sa.Column("asks", postgresql.JSONB, nullable=False),
    )


def _create_orders() -> None:
    op.create_table(
        "paper_order",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("account_name", sa.String(64), nullable=False),
        sa.Column("connector_name", sa.String(64), nullable=False),
        sa.Column("client_order_id", sa.String(64), nullable=False),
        sa.Column("trading_pair", sa.String(64), nullable=False),
        sa.Column("trade_type", sa.String(8), nullable=False),
        sa.Column("order_type", sa.String(16), nullable=False),
        sa.Column("time_in_force", sa.String(4)),
        sa.Column("amount", Money, nullable=False),
        sa.Column("price", Money),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reserved", Money, nullable=False),
        sa.Column("filled_amount", Money, nullable=False),
        sa.Column("filled_quote", Money, nullable=False),
        sa.Column("fills", sa.Integer, nullable=False),
        sa.Column("queue_ahead", Money),
        sa.Column("reason", sa.String),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("account_name", "connector_name", "client_order_id", name="paper_order_client_id"),
    )
    op.create_index(
        "paper_order_open",
        "paper_order",
        ["account_name", "connector_name"],
        postgresql_where=sa.text("state in ('NEW', 'RESTING')"),
    )
    op.create_table(
        "paper_fill",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("order_id", sa.BigInteger, sa.ForeignKey("paper_order.id"), nullable=False),
        sa.Column("trade_id", sa.String(64), nullable=False),
        sa.Column("amount", Money, nullable=False),
        sa.Column("price", Money, nullable=False),
        sa.Column("fee", Money, nullable=False),
        sa.Column("fee_currency", sa.String(32), nullable=False),
        sa.Column("is_maker", sa.Boolean, nullable=False),
        sa.Column("model", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("order_id", "trade_id", name="paper_fill_once"),
    )


def downgrade() -> None:
    for table in ("paper_market", "paper_fill", "paper_order", "paper_balance", "paper_account"):
        op.drop_table(table)
