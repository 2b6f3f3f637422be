"""Portfolio snapshots.

The documents are ``json``, not ``jsonb``: they are sent as they were written, with all their digits. They are kept
outside the rows (a low ``toast_tuple_target``), so that counting and filtering a year of rows reads a few megabytes.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "portfolio_snapshot",
        sa.Column("taken_at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("scope", postgresql.ARRAY(sa.String), nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
        sa.Column("gaps", sa.JSON, nullable=False),
    )
    op.execute("alter table portfolio_snapshot set (toast_tuple_target = 256)")


def downgrade() -> None:
    op.drop_table("portfolio_snapshot")
