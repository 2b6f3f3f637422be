"""Alembic's environment for every service; the connection comes from ``aviary_common.database.migrations``."""

from alembic import context
from sqlalchemy import create_engine

attributes = context.config.attributes


def run() -> None:
    connection = attributes.get("connection")
    if connection is None:
        connection = create_engine(attributes["url"].get_secret_value()).connect()
    context.configure(connection=connection, target_metadata=attributes["metadata"], compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()


run()
