"""Time in force, fees in quote, funding, leverage and position mode, limits and halts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Money = sa.Numeric(36, 18)


def upgrade() -> None:
    op.add_column("trading_order", sa.Column("time_in_force", sa.String(4)))
    op.add_column("trading_order", sa.Column("venue_client_id", sa.String(64)))
    op.add_column("trading_order", sa.Column("fee_quote", Money))
    op.add_column("fill", sa.Column("fee_quote", Money))
    _price_known_fees()
    op.create_index("trading_order_newest_of_account", "trading_order", ["account_name", "created_at", "id"])
    op.create_index("trading_order_newest_in_state", "trading_order", ["status", "created_at", "id"])
    op.create_index(
        "trading_order_active",
        "trading_order",
        ["id"],
        postgresql_where=sa.text("status in ('OPEN', 'PARTIALLY_FILLED', 'PENDING_CANCEL', 'PENDING_CREATE')"),
    )
    op.create_index(
        "trading_order_unclear",
        "trading_order",
        ["account_name", "connector_name"],
        postgresql_where=sa.text(
            "(status in ('PENDING_CANCEL', 'PENDING_CREATE') or filled_amount < venue_filled_amount)"
        ),
    )
    op.create_index("fill_newest_of_account", "fill", ["account_name", "at", "id"])
    op.create_index(
        "fill_without_fee_quote",
        "fill",
        ["account_name", "connector_name"],
        postgresql_where=sa.text("fee_quote is null"),
    )
    _create_funding()
    _create_perpetuals()
    _create_safety()


def _price_known_fees() -> None:
    op.execute(
        """
        update fill set fee_quote = case fee_currency
            when split_part(trading_pair, '-', 2) then fee
            when split_part(trading_pair, '-', 1) then fee * price
        end
        """
    )
    op.execute(
        """
        update trading_order set fee_quote = sums.fee_quote
        from (
            select order_id, case when bool_and(fee_quote is not null) then sum(fee_quote) end as fee_quote
            from fill group by order_id
        ) sums
        where sums.order_id = trading_order.id
        """
    )
    op.execute("update trading_order set fee_quote = 0 where filled_amount = 0")


def _create_funding() -> None:
    op.create_table(
        "funding_payment",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("account_name", sa.String(64), nullable=False),
        sa.Column("connector_name", sa.String(64), nullable=False),
        sa.Column("trading_pair", sa.String(64), nullable=False),
        sa.Column("payment_id", sa.String(128), nullable=False),
        sa.Column("amount", Money, nullable=False),
        sa.Column("currency", sa.String(32), nullable=False),
        sa.Column("rate", Money),
        sa.Column("position_size", Money),
        sa.Column("position_side", sa.String(8)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "account_name", "connector_name", "trading_pair", "payment_id", name="funding_payment_once"
        ),
    )
    op.create_index("funding_payment_newest", "funding_payment", ["at", "id"])
    op.create_index(
        "funding_payment_newest_of_account", "funding_payment", ["account_name", "connector_name", "at", "id"]
    )


def _create_perpetuals() -> None:
    op.create_table(
        "position_mode",
        sa.Column("account_name", sa.String(64), primary_key=True),
        sa.Column("connector_name", sa.String(64), primary_key=True),
        sa.Column("mode", sa.String(8), nullable=False),
    )
    op.create_table(
        "leverage",
        sa.Column("account_name", sa.String(64), primary_key=True),
        sa.Column("connector_name", sa.String(64), primary_key=True),
        sa.Column("trading_pair", sa.String(64), primary_key=True),
        sa.Column("leverage", sa.Integer, nullable=False),
    )


def _create_safety() -> None:
    op.create_table(
        "trading_halt",
        sa.Column("account_name", sa.String(64), primary_key=True),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "risk_limit",
        sa.Column("account_name", sa.String(64), primary_key=True),
        sa.Column("max_order_notional", Money),
        sa.Column("max_open_orders", sa.Integer),
        sa.Column("max_daily_loss", Money),
        sa.Column("max_orders_per_minute", sa.Integer),
        sa.Column("allowed_pairs", postgresql.ARRAY(sa.String(64))),
    )


def downgrade() -> None:
    for table in ("risk_limit", "trading_halt", "leverage", "position_mode", "funding_payment"):
        op.drop_table(table)
    op.drop_index("fill_without_fee_quote", "fill")
    op.drop_index("fill_newest_of_account", "fill")
    for index in (
        "trading_order_unclear",
        "trading_order_active",
        "trading_order_newest_in_state",
        "trading_order_newest_of_account",
    ):
        op.drop_index(index, "trading_order")
    op.drop_column("fill", "fee_quote")
    for column in ("fee_quote", "venue_client_id", "time_in_force"):
        op.drop_column("trading_order", column)
