"""``python -m aviary_common.serve aviary_trading``: run one service until it is told to stop."""

import gc
import importlib
import socket
import sys
import time
from contextlib import suppress
from types import FrameType
from typing import Final

from aviary_common import tracing

# Loaded by structlog and by redis when they can: 5 MB and 3 MB a process, unused.
sys.modules.setdefault("rich", None)  # type: ignore[arg-type]
if not tracing.is_wanted():
    sys.modules.setdefault("opentelemetry.sdk.metrics", None)  # type: ignore[arg-type]

import uvicorn  # noqa: E402
from dotenv import load_dotenv  # noqa: E402

from aviary_common import draining  # noqa: E402
from aviary_common.settings import ListenSettings, SettingsError, load  # noqa: E402

GRACE_S: Final = 8
"""How long requests under way may take to end after SIGTERM."""
GIVEN: Final = "/run/secrets/aviary"
"""In a container, what the service is told: its environment could be read with ``docker inspect``."""
PENDING_CONNECTIONS: Final = 2048
START_FAILED: Final = 3


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, drain_s: float) -> None:
        super().__init__(config)
        self._drain_s = drain_s
        self._end_at = float("inf")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._drain_s == 0 or draining.has_begun():
            super().handle_exit(sig, frame)
            return
        draining.begin()
        self._end_at = time.monotonic() + self._drain_s

    async def on_tick(self, counter: int) -> bool:
        if time.monotonic() >= self._end_at:
            self.should_exit = True
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """What is in memory once a service has started stays there: a garbage collector that goes through it again
        and again would hold up requests for a tenth of a second each time."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()


def main(arguments: list[str]) -> None:
    """``AVIARY_LISTEN`` says where to serve, the named package's ``app.create()`` what."""
    load_dotenv(GIVEN)
    package = arguments[1]
    app = importlib.import_module(f"{package}.app")
    settings = load(ListenSettings)
    host, _, port = settings.listen.rpartition(":")
    configuration = uvicorn.Config(
        app.create,
        factory=True,
        host=host,
        port=int(port),
        loop="asyncio",
        http="httptools",
        ws="websockets-sansio",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=75,
        backlog=PENDING_CONNECTIONS,
    )
    configuration.load_app()
    server = Server(configuration, settings.drain_s)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(START_FAILED)


if __name__ == "__main__":
    try:
        main(sys.argv)
    except SettingsError as problem:
        sys.stderr.write(f"{problem}\n")
        sys.exit(2)
