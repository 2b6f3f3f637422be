"""A sandbox exchange as a real process, and its control plane."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

STARTS_WITHIN_S: Final = 30.0


@dataclass
class Sandbox:
    directory: Path
    port: int
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_urls(self) -> dict[str, str]:
        """As ``ExchangeSettings`` takes them."""
        return {"sandbox": self.url, "sandbox_perpetual": self.url}

    async def control(self, method: str, path: str, /, **body: object) -> Any:
        """One call below ``/sandbox``."""
        return await self.public(method, f"/sandbox{path}", **body)

    async def public(self, method: str, path: str, /, **body: object) -> Any:
        """One call that needs no key."""
        async with httpx.AsyncClient(timeout=10) as client:
            answer = await client.request(method, f"{self.url}{path}", json=body or None)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def start(self) -> None:
        """Returns once it answers; its data are those of the last start."""
        environment = {
            **os.environ,
            "AVIARY_LISTEN": f"127.0.0.1:{self.port}",
            "AVIARY_SANDBOX_DATA_DIR": str(self.directory / "data"),
        }
        log = (self.directory / "log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "aviary_common.serve", "aviary_sandbox_exchange"],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(15)

    def _wait(self) -> None:
        deadline = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < deadline and self._process is not None and self._process.poll() is None:
            try:
                if httpx.get(f"{self.url}/healthz", timeout=1).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.02)
        raise AssertionError(f"the sandbox exchange did not start:\n{(self.directory / 'log').read_text()}")


@contextmanager
def running_sandbox(directory: Path) -> Iterator[Sandbox]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    sandbox = Sandbox(directory, port)
    sandbox.start()
    try:
        yield sandbox
    finally:
        sandbox.stop()
