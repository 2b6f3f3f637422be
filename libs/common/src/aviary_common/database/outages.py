"""Which database errors mean that the database is away, as opposed to a mistake of ours, and what is answered then."""

from typing import Final

import psycopg
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from aviary_common import logs
from aviary_common.errors import Unavailable
from aviary_common.http.errors import answer, surprise

log = logs.get(__name__)

_SHUTDOWN_CLASSES: Final = ("08", "53", "57")
"""SQLSTATE classes: connection failure, insufficient resources, operator intervention."""


def is_outage(error: BaseException) -> bool:
    if not isinstance(error, DBAPIError):
        return isinstance(error, PoolTimeout)
    original = error.orig
    if error.connection_invalidated or isinstance(original, psycopg.InterfaceError):
        return True
    if not isinstance(original, psycopg.OperationalError):
        return False
    return original.sqlstate is None or original.sqlstate.startswith(_SHUTDOWN_CLASSES)


def answer_outages(app: FastAPI) -> None:
    """A database that is away is a 503 that says so."""
    app.add_exception_handler(DBAPIError, _database_error)
    app.add_exception_handler(PoolTimeout, _database_error)


async def _database_error(request: Request, error: Exception) -> JSONResponse:
    if not is_outage(error):
        return await surprise(request, error)
    log.warning("database unavailable", error=str(error))
    return answer(Unavailable("database"))
