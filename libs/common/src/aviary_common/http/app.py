"""The one place that creates an HTTP app.

From the outside in: request id, log line and metrics; CORS; both slash forms; login; audit; the routes, each of which
asks for its scope first.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from aviary_common import __version__
from aviary_common.access.rights import Rights, routed
from aviary_common.audit import Audit, Audited
from aviary_common.http.document import COMMON, complete
from aviary_common.http.errors import install_error_handlers
from aviary_common.http.login import Login, RequireLogin
from aviary_common.http.observe import Observe
from aviary_common.http.probes import PUBLIC_PATHS, Probes
from aviary_common.http.slashes import IgnoreFinalSlash
from aviary_common.http.sockets import Origins
from aviary_common.settings import ServiceSettings

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    settings: ServiceSettings,
    *,
    title: str,
    routers: Sequence[APIRouter],
    lifespan: Lifespan,
    login: Login,
    probes: Probes,
    rights: Rights | None = None,
    audit: Audit | None = None,
    public_paths: frozenset[str] = frozenset(),
    openapi_url: str | None = "/openapi.json",
) -> FastAPI:
    """Every route needs a login, but for ``public_paths`` and the health, metrics and OpenAPI routes."""
    open_paths = public_paths | PUBLIC_PATHS
    rights, audit = rights or Rights(), audit or Audit(settings.service)
    if unknown := rights.unknown(routed(routers)):
        raise ValueError(f"no such routes in {settings.service}: {sorted(unknown)}")
    app = FastAPI(
        title=title,
        version=__version__,
        lifespan=lifespan,
        redirect_slashes=False,
        openapi_url=openapi_url,
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        responses=COMMON,
        dependencies=[Depends(rights.guard)],
        middleware=[
            Middleware(Observe),
            Middleware(
                CORSMiddleware,
                allow_origins=settings.cors_allow_origins,
                allow_origin_regex=settings.cors_allow_origin_regex,
                allow_credentials=True,
                allow_methods=["*"],
                allow_headers=["*"],
            ),
            Middleware(IgnoreFinalSlash),
            Middleware(RequireLogin, login=login, origins=Origins(settings), public_paths=open_paths),
            Middleware(Audited, audit=audit, rights=rights, service=settings.service),
        ],
    )
    app.state.settings = settings
    app.include_router(probes.router)
    for router in routers:
        app.include_router(router)
    install_error_handlers(app)
    _declare_login(app, rights)
    return app


SECURITY_SCHEMES: dict[str, Any] = {
    "login": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key"},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}
SECURITY: list[dict[str, list[str]]] = [{name: []} for name in SECURITY_SCHEMES]


def _declare_login(app: FastAPI, rights: Rights) -> None:
    """The login is enforced by middleware; the OpenAPI document must say so too."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = complete(plain())
        document["components"]["securitySchemes"] = SECURITY_SCHEMES
        document["security"] = SECURITY
        rights.declare(document)
        return document

    app.openapi = openapi  # type: ignore[method-assign]
