"""Postgres through SQLAlchemy 2 and psycopg 3: one role and schema per service."""

from aviary_common.database.engine import Database

__all__ = ["Database"]
