"""One sandbox exchange per test session (and xdist worker), on its own port and data directory."""

import asyncio
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import aiohttp
import pytest

from aviary_exchange import open_private, open_public
from aviary_exchange.port import PrivateExchange, PublicExchange
from aviary_exchange.settings import ExchangeSettings

STARTS_WITHIN_S = 30
LIFTED_WEIGHT = 10_000_000


class Sandbox:
    """The venue and its control plane."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def control(self, method: str, path: str, /, **body: object) -> object:
        async with (
            aiohttp.ClientSession() as http,
            http.request(method, f"{self.url}/sandbox{path}", json=body or None) as answer,
        ):
            assert answer.status < 300, await answer.text()
            return await answer.json()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    directory = tmp_path_factory.mktemp("sandbox")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "aviary_sandbox_exchange.app:create", "--factory"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--no-access-log"]
    log_path = directory / "log"
    with log_path.open("wb") as log:
        environment = {**os.environ, "AVIARY_SANDBOX_DATA_DIR": str(directory / "data")}
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            _wait_for_port(port, process, log_path)
            url = f"http://127.0.0.1:{port}"
            _lift_limits(url)
            yield Sandbox(url)
        finally:
            process.terminate()
            process.wait(10)


def _lift_limits(url: str) -> None:
    """All tests come from one address, and together ask for more than a venue gives one."""
    for side in ("spot", "futures"):
        body = json.dumps({"side": side, "weight": LIFTED_WEIGHT}).encode()
        with urlopen(Request(f"{url}/sandbox/limits", body)) as answer:  # noqa: S310 - http, to ourselves
            assert answer.status == 200


def _wait_for_port(port: int, process: "subprocess.Popen[bytes]", log_path: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the sandbox exchange did not start:\n{log_path.read_text()}")


@pytest.fixture(params=["sandbox", "sandbox_perpetual"])
def connector(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def settings(sandbox: Sandbox) -> ExchangeSettings:
    return ExchangeSettings(base_urls={"sandbox": sandbox.url, "sandbox_perpetual": sandbox.url}, timeout_s=5)


@pytest.fixture
def api_key() -> str:
    """Each key is an account of its own at the sandbox, funded at first use."""
    return f"aviary-{secrets.token_hex(8)}"


@pytest.fixture
async def public(connector: str, settings: ExchangeSettings) -> AsyncIterator[PublicExchange]:
    exchange = open_public(connector, settings)
    yield exchange
    await exchange.close()


@pytest.fixture
async def exchange(connector: str, settings: ExchangeSettings, api_key: str) -> AsyncIterator[PrivateExchange]:
    opened = open_private(connector, {"api_key": api_key, "api_secret": f"{api_key}-secret"}, settings)
    yield opened
    await opened.close()
    await asyncio.sleep(0)


ORDER_PATHS = {"sandbox": "/api/v3/order", "sandbox_perpetual": "/fapi/v1/order"}


@pytest.fixture
def break_orders(sandbox: Sandbox, connector: str, api_key: str) -> Callable[..., Awaitable[None]]:
    """Let the next order call of this test's account go wrong; the next placing, unless a method is named."""

    async def break_next(**fault: object) -> None:
        await sandbox.control(
            "POST", "/faults", **{"path": ORDER_PATHS[connector], "method": "POST", "api_key": api_key} | fault
        )

    return break_next


@pytest.fixture
def break_calls(sandbox: Sandbox, api_key: str) -> Callable[..., Awaitable[None]]:
    """Let the next call of this test's account go wrong, whichever it is."""

    async def break_next(**fault: object) -> None:
        await sandbox.control("POST", "/faults", **{"api_key": api_key} | fault)

    return break_next
