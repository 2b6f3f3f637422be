"""Transactions, swaps, liquidity positions and their events."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Money = sa.Numeric(60, 18)
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_transactions()
    _create_swaps()
    _create_positions()
    _create_events()
    _create_shares()


def _create_transactions() -> None:
    table = "gateway_transaction"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("chain", sa.String(32), nullable=False),
        sa.Column("network", sa.String(64), nullable=False),
        sa.Column("connector", sa.String(64)),
        sa.Column("wallet", sa.String(128), nullable=False),
        sa.Column("path", sa.String(256), nullable=False),
        sa.Column("request", postgresql.JSONB, nullable=False),
        sa.Column("about", postgresql.JSONB, nullable=False),
        sa.Column("before", postgresql.JSONB, nullable=False),
        sa.Column("result", postgresql.JSONB),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("in_flight", sa.Boolean, nullable=False),
        sa.Column("answered", sa.Boolean, nullable=False),
        sa.Column("hash", sa.String(128)),
        sa.Column("fee", Money),
        sa.Column("fee_token", sa.String(32)),
        sa.Column("error", sa.String),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("created_at", Time, nullable=False),
        sa.Column("expires_at", Time, nullable=False),
        sa.Column("sent_at", Time),
        sa.Column("settled_at", Time),
        sa.Column("look_at", Time, nullable=False),
    )
    wallet = ["chain", "network", "wallet"]
    op.create_index(f"{table}_turn", table, wallet, unique=True, postgresql_where=sa.text("in_flight"))
    op.create_index(f"{table}_waiting", table, [*wallet, "id"], postgresql_where=sa.text("state = 'PENDING'"))
    unfinished = sa.text("state in ('PENDING', 'SENT', 'SUBMITTED', 'UNKNOWN')")
    op.create_index(f"{table}_unfinished", table, ["look_at"], postgresql_where=unfinished)
    op.create_index(f"{table}_hash", table, ["hash"])


def _create_swaps() -> None:
    op.create_table(
        "swap",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("transaction_id", sa.BigInteger, sa.ForeignKey("gateway_transaction.id"), unique=True),
        sa.Column("transaction_hash", sa.String(128)),
        sa.Column("timestamp", Time, nullable=False),
        sa.Column("network", sa.String(96), nullable=False),
        sa.Column("connector", sa.String(64), nullable=False),
        sa.Column("trading_type", sa.String(16), nullable=False),
        sa.Column("wallet_address", sa.String(128), nullable=False),
        sa.Column("trading_pair", sa.String(160), nullable=False),
        sa.Column("base_token", sa.String(80), nullable=False),
        sa.Column("quote_token", sa.String(80), nullable=False),
        sa.Column("side", sa.String(4), nullable=False),
        sa.Column("amount", Money, nullable=False),
        sa.Column("input_amount", Money),
        sa.Column("output_amount", Money),
        sa.Column("price", Money),
        sa.Column("slippage_pct", sa.Numeric(10, 6)),
        sa.Column("gas_fee", Money),
        sa.Column("gas_token", sa.String(32)),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("pool_address", sa.String(128)),
        sa.Column("quote_id", sa.String(128)),
        sa.Column("error_message", sa.String),
    )
    ordered = ["timestamp", "id"]
    op.create_index("swap_newest", "swap", ordered)
    op.create_index("swap_newest_on_network", "swap", ["network", *ordered])
    op.create_index("swap_newest_of_connector", "swap", ["connector", *ordered])
    op.create_index("swap_newest_on_network_of_connector", "swap", ["network", "connector", *ordered])
    filters = ["network", "connector", "wallet_address", "trading_pair", "status"]
    for name, column, where in (
        ("of_wallet", "wallet_address", None),
        ("of_pair", "trading_pair", None),
        ("not_confirmed", "status", sa.text("status <> 'CONFIRMED'")),
    ):
        op.create_index(
            f"swap_newest_{name}",
            "swap",
            [column, *ordered],
            postgresql_include=[each for each in filters if each != column],
            postgresql_where=where,
        )
    op.create_index("swap_hash", "swap", ["transaction_hash"])
    # A connector trades on some networks and never on others: the planner, not knowing it, would look for ever.
    op.execute("create statistics swap_places (mcv) on network, connector, status from swap")


def _create_positions() -> None:
    table = "clmm_position"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("position_address", sa.String(128), nullable=False),
        sa.Column("pool_address", sa.String(128), nullable=False),
        sa.Column("network", sa.String(96), nullable=False),
        sa.Column("connector", sa.String(64), nullable=False),
        sa.Column("wallet_address", sa.String(128), nullable=False),
        sa.Column("trading_pair", sa.String(160), nullable=False),
        sa.Column("base_token", sa.String(80), nullable=False),
        sa.Column("quote_token", sa.String(80), nullable=False),
        sa.Column("base_token_address", sa.String(128), nullable=False),
        sa.Column("quote_token_address", sa.String(128), nullable=False),
        sa.Column("created_at", Time, nullable=False),
        sa.Column("closed_at", Time),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("lower_price", Money, nullable=False),
        sa.Column("upper_price", Money, nullable=False),
        sa.Column("lower_bin_id", sa.Integer),
        sa.Column("upper_bin_id", sa.Integer),
        sa.Column("entry_price", Money),
        sa.Column("current_price", Money),
        sa.Column("percentage", sa.Numeric(24, 6)),
        sa.Column("initial_base_token_amount", Money, nullable=False),
        sa.Column("initial_quote_token_amount", Money, nullable=False),
        sa.Column("position_rent", Money),
        sa.Column("base_token_amount", Money, nullable=False),
        sa.Column("quote_token_amount", Money, nullable=False),
        sa.Column("withdrawn_base_amount", Money, nullable=False),
        sa.Column("withdrawn_quote_amount", Money, nullable=False),
        sa.Column("base_fee_collected", Money, nullable=False),
        sa.Column("quote_fee_collected", Money, nullable=False),
        sa.Column("base_fee_pending", Money, nullable=False),
        sa.Column("quote_fee_pending", Money, nullable=False),
        sa.Column("last_updated", Time, nullable=False),
        sa.UniqueConstraint("network", "connector", "position_address", name="clmm_position_address"),
    )
    op.create_index(f"{table}_newest", table, ["created_at", "id"])
    ordered = ["created_at", "id"]
    for name, columns in (
        ("on_network", ["network"]),
        ("of_connector", ["connector"]),
        ("on_network_of_connector", ["network", "connector"]),
        ("of_wallet", ["wallet_address"]),
        ("of_pair", ["trading_pair"]),
        ("in_status", ["status"]),
    ):
        op.create_index(f"{table}_newest_{name}", table, [*columns, *ordered])
    op.execute(f"create statistics {table}_places (mcv) on network, connector, status from {table}")
    op.create_index(f"{table}_by_address", table, ["position_address"])


def _create_events() -> None:
    table = "position_event"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("transaction_id", sa.BigInteger, sa.ForeignKey("gateway_transaction.id"), unique=True),
        sa.Column("pool_type", sa.String(8), nullable=False),
        sa.Column("event_type", sa.String(24), nullable=False),
        sa.Column("timestamp", Time, nullable=False),
        sa.Column("network", sa.String(96), nullable=False),
        sa.Column("connector", sa.String(64), nullable=False),
        sa.Column("wallet_address", sa.String(128), nullable=False),
        sa.Column("pool_address", sa.String(128), nullable=False),
        sa.Column("position_address", sa.String(128)),
        sa.Column("trading_pair", sa.String(160), nullable=False),
        sa.Column("transaction_hash", sa.String(128)),
        sa.Column("base_token_amount", Money),
        sa.Column("quote_token_amount", Money),
        sa.Column("base_fee_collected", Money),
        sa.Column("quote_fee_collected", Money),
        sa.Column("gas_fee", Money),
        sa.Column("gas_token", sa.String(32)),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("error_message", sa.String),
    )
    ordered = ["timestamp", "id"]
    op.create_index(f"{table}_of_position", table, ["position_address", *ordered])
    op.create_index(f"{table}_newest", table, ["pool_type", *ordered])
    op.create_index(f"{table}_of_pool", table, ["pool_type", "pool_address", *ordered])
    op.create_index(f"{table}_of_wallet", table, ["pool_type", "wallet_address", *ordered])


def _create_shares() -> None:
    table = "amm_position"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("pool_address", sa.String(128), nullable=False),
        sa.Column("network", sa.String(96), nullable=False),
        sa.Column("connector", sa.String(64), nullable=False),
        sa.Column("wallet_address", sa.String(128), nullable=False),
        sa.Column("trading_pair", sa.String(160), nullable=False),
        sa.Column("base_token", sa.String(80), nullable=False),
        sa.Column("quote_token", sa.String(80), nullable=False),
        sa.Column("created_at", Time, nullable=False),
        sa.Column("closed_at", Time),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("deposited_base_amount", Money, nullable=False),
        sa.Column("deposited_quote_amount", Money, nullable=False),
        sa.Column("withdrawn_base_amount", Money, nullable=False),
        sa.Column("withdrawn_quote_amount", Money, nullable=False),
        sa.Column("last_updated", Time, nullable=False),
        sa.UniqueConstraint("wallet_address", "pool_address", "connector", "network", name="amm_position_share"),
    )
    ordered = ["created_at", "id"]
    op.create_index(f"{table}_newest", table, ordered)
    op.create_index(f"{table}_newest_of_wallet", table, ["wallet_address", *ordered])
    op.create_index(f"{table}_newest_of_pool", table, ["pool_address", *ordered])
    op.create_index(f"{table}_newest_in_status", table, ["status", *ordered])


def downgrade() -> None:
    for table in ("amm_position", "position_event", "clmm_position", "swap", "gateway_transaction"):
        op.drop_table(table)
