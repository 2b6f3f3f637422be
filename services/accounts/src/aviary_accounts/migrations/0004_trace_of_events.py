"""An event remembers the trace that it was written in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("traceparent", sa.String))


def downgrade() -> None:
    op.drop_column("outbox", "traceparent")
