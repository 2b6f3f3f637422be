"""Which database errors mean that the database is away, as opposed to a mistake of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from prometheus_client import Counter
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from aviary_common import logs
from aviary_common.errors import Unavailable

log = logs.get(__name__)

UNAVAILABLE: Final = Counter(
    "aviary_database_unavailable_total",
    "Uses of the database that failed because it was away or had no connection left",
)
_SHUTDOWN_CLASSES: Final = ("08", "53", "57")
"""SQLSTATE classes: connection failure, insufficient resources, operator intervention."""


def is_outage(error: BaseException) -> bool:
    """The driver's own errors come from where it is used by itself, to copy rows."""
    if isinstance(error, PoolTimeout):
        return True
    original = error.orig if isinstance(error, DBAPIError) else error
    is_gone = isinstance(error, DBAPIError) and error.connection_invalidated
    if is_gone or isinstance(original, psycopg.InterfaceError):
        return True
    if not isinstance(original, psycopg.OperationalError):
        return False
    return original.sqlstate is None or original.sqlstate.startswith(_SHUTDOWN_CLASSES)


@contextmanager
def outages_named() -> Iterator[None]:
    """Raise ``Unavailable`` for a database that is away: whoever asked, by HTTP or over the bus, is told so."""
    try:
        yield
    except (DBAPIError, psycopg.Error, PoolTimeout) as error:
        if not is_outage(error):
            raise
        UNAVAILABLE.inc()
        log.warning("database unavailable", error=str(error.__cause__ or error))
        raise Unavailable("database") from error
