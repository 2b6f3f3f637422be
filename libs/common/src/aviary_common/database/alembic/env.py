"""Alembic's environment for every service; the connection comes from ``aviary_common.database.migrations``."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
