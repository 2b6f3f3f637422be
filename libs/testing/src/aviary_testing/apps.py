"""Run a service's real app inside the test's event loop, with the real servers behind it."""

import json
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from unittest.mock import patch

import httpx
from asgi_lifespan import LifespanManager
from fastapi import FastAPI

from aviary_local.testing import Servers
from aviary_testing.sandbox import Sandbox


def environment(servers: Servers, service: str, sandbox: Sandbox | None = None) -> dict[str, str]:
    """What the launcher would give the service."""
    exchanges = {"AVIARY_EXCHANGE_BASE_URLS": json.dumps(sandbox.base_urls)} if sandbox else {}
    return {**servers.environment(service), **exchanges, "AVIARY_LOG_LEVEL": "WARNING"}


@asynccontextmanager
async def running_app(create: Callable[[], FastAPI], variables: Mapping[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    """The app started as a server would start it, and a client that is logged in."""
    with patch.dict(os.environ, variables):
        app = create()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    login = httpx.BasicAuth(variables["AVIARY_USERNAME"], variables["AVIARY_PASSWORD"])
    async with (
        LifespanManager(app, startup_timeout=30, shutdown_timeout=30),
        httpx.AsyncClient(transport=transport, base_url="http://aviary", auth=login, timeout=30) as client,
    ):
        yield client
