"""Users beside the first one, API keys, and the audit.

The audit is append-only: a trigger refuses to change or remove an entry, and each carries a hash over itself and the
one before.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "login_user",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("verifier", sa.String, nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("accounts", postgresql.ARRAY(sa.String(64))),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("accounts", postgresql.ARRAY(sa.String(64))),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
    )
    op.create_index("api_key_owner", "api_key", ["owner", "id"])
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", postgresql.UUID(as_uuid=True), nullable=False, unique=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user", sa.String, nullable=False),
        sa.Column("key_id", sa.String),
        sa.Column("service", sa.String, nullable=False),
        sa.Column("method", sa.String, nullable=False),
        sa.Column("route", sa.String, nullable=False),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("client", sa.String, nullable=False),
        sa.Column("accounts", postgresql.ARRAY(sa.String), nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_index("audit_entry_user", "audit_entry", ["user", "seq"])
    op.create_index("audit_entry_at", "audit_entry", ["at"])
    op.execute("""
        create function refuse_change() returns trigger language plpgsql as $$
        begin raise exception 'the audit is append-only'; end $$
    """)
    op.execute("""
        create trigger audit_is_append_only before update or delete or truncate on audit_entry
        for each statement execute function refuse_change()
    """)


def downgrade() -> None:
    for table in ("audit_entry", "api_key", "login_user"):
        op.drop_table(table)
    op.execute("drop function refuse_change()")
