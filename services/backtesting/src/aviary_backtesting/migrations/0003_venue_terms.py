"""Starting balances, a funding rate of one's own, and what venues asked for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NOTHING = sa.text("'{}'")


def upgrade() -> None:
    for table in ("run", "sweep"):
        op.add_column(table, sa.Column("balances", postgresql.JSONB, nullable=False, server_default=NOTHING))
        op.add_column(table, sa.Column("funding_rate", sa.Double))
        op.add_column(table, sa.Column("venue_terms", postgresql.JSONB))


def downgrade() -> None:
    for table in ("run", "sweep"):
        for column in ("venue_terms", "funding_rate", "balances"):
            op.drop_column(table, column)
