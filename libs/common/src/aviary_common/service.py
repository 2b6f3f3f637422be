"""The skeleton that every service hangs its parts on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final, Generic, TypeVar

from fastapi import APIRouter, FastAPI
from prometheus_client import Gauge

from aviary_common import __version__, logs, tracing
from aviary_common.access.rights import Rights
from aviary_common.audit import Audit
from aviary_common.http.app import create_app
from aviary_common.http.login import Login
from aviary_common.http.probes import Probes
from aviary_common.runtime import Runtime, open_runtime, replica_name
from aviary_common.settings import ServiceSettings, load

S = TypeVar("S", bound=ServiceSettings)

BUILD: Final = Gauge("aviary_build_info", "Always 1; the labels say what runs", ["service", "version"])

Run = Callable[[FastAPI, Runtime], AbstractAsyncContextManager[None]]


class Service(Generic[S]):
    """Reads the settings, sets up logging, and wraps the service's own parts into an app with everything shared."""

    def __init__(self, settings: type[S], *, title: str, migrations: Path | None = None) -> None:
        self.settings = load(settings)
        self._title = title
        self._migrations = migrations
        self.audit = Audit(self.settings.service)
        """Give it the service's outbox."""
        logs.configure(self.settings.service, self.settings.log_level)
        tracing.configure(self.settings.service, replica_name(self.settings))
        BUILD.labels(self.settings.service, __version__).set(1)

    def app(
        self,
        run: Run,
        routers: Sequence[APIRouter],
        *,
        rights: Rights | None = None,
        public_paths: frozenset[str] = frozenset(),
        openapi_url: str | None = "/openapi.json",
    ) -> FastAPI:
        """``run`` opens the service's own parts; the service is ready once it has yielded."""
        login, probes = Login(self.settings), Probes()

        @asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[None]:
            async with (
                open_runtime(self.settings, login=login, probes=probes, migrations=self._migrations) as runtime,
                run(app, runtime),
            ):
                probes.started()
                yield
            await asyncio.to_thread(tracing.close)

        return create_app(
            self.settings,
            title=self._title,
            routers=routers,
            lifespan=lifespan,
            login=login,
            probes=probes,
            rights=rights,
            audit=self.audit,
            public_paths=public_paths,
            openapi_url=openapi_url,
        )
