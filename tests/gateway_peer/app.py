"""Gateway's HTTP server."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from tests.gateway_peer.door import Door
from tests.gateway_peer.errors import GatewayError, error_body
from tests.gateway_peer.routes import chains, config, connectors, pools, tokens, trading, wallet
from tests.gateway_peer.world import Stage

VERSION = "2.13.0"
ROUTERS = (
    config.router,
    wallet.router,
    tokens.router,
    pools.router,
    chains.ethereum,
    chains.solana,
    connectors.unguarded,
    connectors.router,
    trading.router,
)


def gateway_app(stage: Stage, restart: Callable[[], None]) -> FastAPI:
    """``restart`` only begins it: POST /restart is answered first."""
    app = FastAPI(
        title="Hummingbot Gateway",
        version=VERSION,
        openapi_url="/docs/json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.stage, app.state.restart = stage, restart
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(GatewayError, _failed)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _unknown_route)
    app.add_middleware(Door, stage=stage)
    return app


async def _failed(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, GatewayError)
    stage: Stage = request.app.state.stage
    stage.log("error", error.message)
    return JSONResponse(error.body(), error.status)


async def _unknown_route(request: Request, error: Exception) -> JSONResponse:
    """A known path with another method is unknown too."""
    assert isinstance(error, HTTPException)
    if error.status_code in (404, 405):
        return JSONResponse(error_body(404, f"Route {request.method}:{request.url.path} not found"), 404)
    return JSONResponse(error_body(error.status_code, error.detail), error.status_code)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    """As Ajv words it."""
    assert isinstance(error, RequestValidationError)
    problems = [_problem(each) for each in error.errors()]
    place = "querystring" if error.errors()[0]["loc"][0] == "query" else "body"
    first = problems[0]
    message = f"{place}{first['instancePath']} {first['message']}"
    more = {"code": "FST_ERR_VALIDATION", "validation": problems}
    return JSONResponse(error_body(400, message, **more), 400)


def _problem(error: Any) -> dict[str, object]:
    path = [str(part) for part in error["loc"][1:]]
    if error["type"] == "missing" and path:
        found = {"keyword": "required", "params": {"missingProperty": path[-1]}}
        return {"instancePath": _pointer(path[:-1]), **found, "message": f"must have required property '{path[-1]}'"}
    if error["type"] == "literal_error":
        return {
            "instancePath": _pointer(path),
            "keyword": "enum",
            "message": "must be equal to one of the allowed values",
        }
    if error["type"].startswith(("decimal", "float", "int")):
        return {"instancePath": _pointer(path), "keyword": "type", "message": "must be number"}
    return {"instancePath": _pointer(path), "keyword": error["type"], "message": error["msg"]}


def _pointer(path: list[str]) -> str:
    return "".join(f"/{part}" for part in path)
