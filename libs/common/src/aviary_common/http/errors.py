"""The one handler that turns our errors into answers: ``{"detail", "code"}`` and the right status."""

from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from redis.exceptions import RedisError
from starlette.exceptions import HTTPException

from aviary_common import logs
from aviary_common.errors import AviaryError, Unavailable

log = logs.get(__name__)

_AT_THE_EDGE: Final = {502: 503, 504: 503}
"""Both mean there that a service broke off; a service that says one itself would lose its words."""


def answer(error: AviaryError) -> JSONResponse:
    status = _AT_THE_EDGE.get(error.status, error.status)
    return JSONResponse({"detail": error.detail, "code": error.code}, status, error.headers)


def install_error_handlers(app: FastAPI) -> None:
    app.add_exception_handler(AviaryError, _aviary_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RedisError, _cache_error)
    app.add_exception_handler(Exception, _surprise)


async def _aviary_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AviaryError)  # noqa: S101 - registered for this class only
    return answer(error)


_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    body = {"detail": error.detail, "code": _CODES.get(error.status_code, "http_error")}
    return JSONResponse(body, error.status_code, error.headers)


async def _cache_error(_request: Request, error: Exception) -> JSONResponse:
    log.warning("cache unavailable", error=str(error))
    return answer(Unavailable("valkey"))


async def _surprise(request: Request, error: Exception) -> JSONResponse:
    log.error("request failed", path=request.url.path, kind=type(error).__name__, exc_info=error)
    return JSONResponse(
        {
            "detail": "Something went wrong on our side; the log has the details under this request id.",
            "code": "internal",
        },
        500,
    )
