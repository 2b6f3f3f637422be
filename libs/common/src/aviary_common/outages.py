"""Which database errors mean that the database is away, as opposed to a mistake of ours."""

from typing import Final

import psycopg
from sqlalchemy.exc import DBAPIError

_SHUTDOWN_CLASSES: Final = ("08", "53", "57")
"""SQLSTATE classes: connection failure, insufficient resources, operator intervention."""


def is_outage(error: BaseException) -> bool:
    if not isinstance(error, DBAPIError):
        return False
    original = error.orig
    if error.connection_invalidated or isinstance(original, psycopg.errors.InterfaceError):
        return True
    if not isinstance(original, psycopg.OperationalError):
        return False
    return original.sqlstate is None or original.sqlstate.startswith(_SHUTDOWN_CLASSES)
