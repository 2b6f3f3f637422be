"""What the portal is made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from aviary_common.runtime import Runtime
from aviary_common.service import Service
from aviary_portal import api, pages
from aviary_portal.documents import Documents
from aviary_portal.rights import RIGHTS
from aviary_portal.settings import PortalSettings


def create() -> FastAPI:
    service = Service(PortalSettings, title="Aviary portal")

    @asynccontextmanager
    async def run(app: FastAPI, _runtime: Runtime) -> AsyncIterator[None]:
        async with httpx.AsyncClient() as client:
            app.state.documents = Documents(service.settings.portal_services, client, own=app.openapi())
            yield

    return service.app(
        run,
        [pages.router, api.router],
        rights=RIGHTS,
        public_paths=api.PUBLIC_PATHS | pages.PUBLIC_PATHS,
        openapi_url=None,
    )
