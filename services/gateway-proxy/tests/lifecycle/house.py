"""Orchestration as gateway-proxy hears it: its container is a process of this machine."""

import os
import secrets
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from aviary_common.bus import Bus
from aviary_common.errors import BadRequest, NotFound
from aviary_messages.questions import (
    CheckGateway,
    GatewayContainer,
    GatewayFound,
    GatewayLogs,
    LookAtGateway,
    ReadGatewayLogs,
    RestartGateway,
    RunGateway,
    StopGateway,
)
from aviary_testing.gateway_image.image import PROGRAM

MISSING = "missing:1"


class House:
    """``hangs``: what it starts never answers. ``asked`` are the questions that change something, in their order."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.hangs = False
        self.asked: list[str] = []
        self.given: RunGateway | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._id = ""
        self._times = datetime.now(UTC), datetime.now(UTC)

    async def answer_on(self, bus: Bus) -> None:
        await bus.answer(LookAtGateway, self.look)
        await bus.answer(CheckGateway, self.check)
        await bus.answer(RunGateway, self.run)
        await bus.answer(StopGateway, self.stop)
        await bus.answer(RestartGateway, self.restart)
        await bus.answer(ReadGatewayLogs, self.logs)

    async def look(self, _: LookAtGateway) -> GatewayFound:
        return GatewayFound(container=self._seen() if self.given else None)

    async def check(self, question: CheckGateway) -> GatewayFound:
        if question.image == MISSING:
            raise NotFound(f"The engine does not have {MISSING}.", code="image_missing")
        return await self.look(LookAtGateway())

    async def run(self, question: RunGateway) -> GatewayContainer:
        self.asked.append("run")
        if self.is_up and not question.recreate:
            raise BadRequest("Gateway runs already.", code="gateway_running")
        self.end()
        self.given, self._id = question, secrets.token_hex(32)
        self._log.unlink(missing_ok=True)
        self._times = datetime.now(UTC), datetime.now(UTC)
        self._launch()
        return self._seen()

    async def stop(self, _: StopGateway) -> GatewayContainer:
        self.asked.append("stop")
        self._must_exist()
        self.end()
        return self._seen()

    async def restart(self, _: RestartGateway) -> GatewayContainer:
        self.asked.append("restart")
        self._must_exist()
        self.end()
        self._times = self._times[0], datetime.now(UTC)
        self._launch()
        return self._seen()

    async def logs(self, question: ReadGatewayLogs) -> GatewayLogs:
        self._must_exist()
        return GatewayLogs(text="\n".join(self._log.read_text().splitlines()[-question.tail :]) + "\n")

    @property
    def is_up(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def end(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)

    def forget(self) -> None:
        """As if there had never been a container."""
        self.end()
        self._process, self.given, self.hangs = None, None, False
        self.asked.clear()

    @property
    def _log(self) -> Path:
        return self.folder / "printed.log"

    def _must_exist(self) -> None:
        if self.given is None:
            raise NotFound("There is no container of Gateway.", code="no_gateway")

    def _launch(self) -> None:
        assert self.given
        config = self.folder / "conf" / "server.yml"
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(f"port: {self.port}\n")
        environment = {
            **os.environ,
            "GATEWAY_HOME": str(self.folder),
            "GATEWAY_PASSPHRASE": self.given.passphrase.get_secret_value(),
            "DEV": str(self.given.dev_mode).lower(),
        }
        program = ["-c", "import time; time.sleep(60)"] if self.hangs else [str(PROGRAM)]
        with self._log.open("ab") as log:
            self._process = self._spawn([sys.executable, "-u", *program], environment, log)

    def _spawn(self, command: list[str], environment: dict[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def _seen(self) -> GatewayContainer:
        assert self.given
        scheme = "http" if self.given.dev_mode else "https"
        return GatewayContainer(
            id=self._id,
            image=self.given.image or "hummingbot/gateway:latest",
            status="running" if self.is_up else "exited",
            created_at=self._times[0],
            started_at=self._times[1],
            restarts=0,
            dev_mode=self.given.dev_mode,
            port=self.port,
            url=f"{scheme}://127.0.0.1:{self.port}",
        )
