"""The Docker SDK, off the event loop: every call has a deadline, and an engine that is away is ``Unavailable``."""

import asyncio
import contextlib
import os
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import docker
from docker import DockerClient
from docker.errors import APIError, DockerException, ImageNotFound
from docker.errors import NotFound as DockerNotFound
from prometheus_client import Histogram
from requests.exceptions import RequestException

from aviary_common import tracing
from aviary_common.errors import AviaryError, BadRequest, Conflict, DeadlineExceeded, NotFound, Unavailable
from aviary_orchestration.engine.settings import EngineSettings

T = TypeVar("T")

CALLS_AT_ONCE: Final = 8
FORBIDDEN_BY_A_PROXY: Final = 403
PROBE_S: Final = 2.0
TLS_VARIABLES: Final = ("DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH")


DURATION: Final = Histogram(
    "aviary_docker_call_duration_seconds",
    "Calls to the Docker engine",
    ["outcome"],
    buckets=(0.005, 0.025, 0.1, 0.5, 1, 5, 30),
)


@contextlib.asynccontextmanager
async def watched() -> AsyncIterator[None]:
    started = time.perf_counter()
    outcome = "failed"
    try:
        with tracing.span("call docker", "client"):
            yield
        outcome = "answered"
    finally:
        DURATION.labels(outcome).observe(time.perf_counter() - started)


class Engine:
    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(CALLS_AT_ONCE, "docker")
        self._own = threading.local()
        self._clients: set[DockerClient] = set()

    def close(self) -> None:
        """Without waiting for calls that hang; their sockets have a deadline too."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for client in self._clients.copy():
            client.close()

    async def call(self, work: Callable[[DockerClient], T], deadline_s: float | None = None) -> T:
        """``work`` runs in a thread. Raises ``NotFound``, ``Conflict``, ``BadRequest``, ``Unavailable`` or
        ``DeadlineExceeded``; after the last one the engine may do the work all the same."""
        limit_s = deadline_s or self._settings.docker_deadline_s
        loop = asyncio.get_running_loop()
        try:
            async with watched(), asyncio.timeout(limit_s + 1):
                return await loop.run_in_executor(self._threads, self._do, work, limit_s)
        except TimeoutError:
            raise DeadlineExceeded(f"Docker did not answer within {limit_s:g} s.", code="docker_timeout") from None

    async def is_running(self) -> bool:
        try:
            return await self.call(_ping, 3.0)
        except (Unavailable, DeadlineExceeded):
            return False

    async def must_run(self) -> None:
        """For work that goes on in the background: an engine that is away is told at once."""
        if not await self.is_running():
            raise self._away()

    def _do(self, work: Callable[[DockerClient], T], limit_s: float) -> T:
        with self._errors_named():
            return work(self._client(limit_s))

    def _client(self, limit_s: float) -> DockerClient:
        """One for each thread, made when the engine is there."""
        if (client := getattr(self._own, "client", None)) is None:
            self._refuse_absent()
            tls = {name: os.environ[name] for name in TLS_VARIABLES if name in os.environ}
            client = docker.from_env(environment={"DOCKER_HOST": self._settings.docker_host, **tls}, version="auto")
            self._own.client = client
            self._clients.add(client)
        client.api.timeout = limit_s
        return client

    @contextlib.contextmanager
    def _errors_named(self) -> Iterator[None]:
        try:
            yield
        except (DockerNotFound, ImageNotFound) as error:
            raise NotFound(_words(error), code="not_in_docker") from error
        except APIError as error:
            raise _named(error) from error
        except (DockerException, RequestException, OSError) as error:
            self._drop_client()
            raise self._away() from error

    def _drop_client(self) -> None:
        if (client := getattr(self._own, "client", None)) is not None:
            self._clients.discard(client)
            client.close()
        self._own.client = None

    def _refuse_absent(self) -> None:
        """The SDK leaves sockets behind when nobody listens; this does not."""
        if (path := self._settings.docker_host.removeprefix("unix://")) != self._settings.docker_host:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(PROBE_S)
                probe.connect(path)

    def _away(self) -> Unavailable:
        return Unavailable(
            "docker",
            f"Docker does not answer at {self._settings.docker_host}: start it, or set AVIARY_DOCKER_HOST.",
            code="docker_away",
        )


def _ping(client: DockerClient) -> bool:
    return bool(client.ping())


def _named(error: APIError) -> AviaryError:
    status = error.status_code or 500
    if status == NotFound.status:
        return NotFound(_words(error), code="not_in_docker")
    if status == FORBIDDEN_BY_A_PROXY:
        return Unavailable("docker", _words(error), code="docker_forbidden")
    if status == Conflict.status:
        return Conflict(_words(error), code="docker_conflict")
    if status < 500:
        return BadRequest(_words(error), code="docker_refused")
    return Unavailable("docker", _words(error), code="docker_failed")


def _words(error: APIError) -> str:
    return f"Docker says: {error.explanation or error}"
