"""A uvicorn server that can go away and come back on its port."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn
from fastapi import FastAPI

from tests.gateway_peer.certificates import Certificates

LOOPBACK: Final = "127.0.0.1"
_ESTABLISHED, _CLOSE_WAIT = "01", "08"


@dataclass(frozen=True)
class Tls:
    certificates: Certificates
    passphrase: str


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The process has several servers; its own handler ends them all."""
        yield


class Listener:
    def __init__(self, app: FastAPI, port: int, tls: Tls | None = None, host: str = LOOPBACK) -> None:
        self._app, self._tls = app, tls
        self.host, self.port = host, port
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None
        self._changing = asyncio.Lock()

    @property
    def is_up(self) -> bool:
        return self._server is not None

    async def up(self) -> None:
        """Returns once it listens."""
        async with self._changing:
            if self._server is not None:
                return
            self._server = _Server(self._config())
            self._task = asyncio.create_task(self._server.serve())
            while not self._server.started:
                if self._task.done():
                    self._task.result()
                    raise SystemExit(1)
                await asyncio.sleep(0.005)

    async def down(self) -> None:
        """Requests under way are answered; whoever comes later is refused."""
        async with self._changing:
            server, task, self._server, self._task = self._server, self._task, None, None
            if server is not None and task is not None:
                server.should_exit = True
                with suppress(asyncio.CancelledError):
                    await task

    def _config(self) -> uvicorn.Config:
        config = uvicorn.Config(
            self._app,
            self.host,
            self.port,
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        if self._tls is not None:
            certificate, key = self._tls.certificates.server
            config.ssl_certfile, config.ssl_keyfile = certificate, key
            config.ssl_keyfile_password = self._tls.passphrase
            config.ssl_ca_certs = str(self._tls.certificates.ca)
            config.ssl_cert_reqs = ssl.CERT_REQUIRED
        return config


def clients_of(port: int) -> int:
    """Connections to a port that some process still holds open: Gateway would kill these processes when it starts."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    fields = (line.split() for line in lines)
    return sum(
        int(each[2].rpartition(":")[2], 16) == port and each[3] in (_ESTABLISHED, _CLOSE_WAIT) and each[9] != "0"
        for each in fields
    )
