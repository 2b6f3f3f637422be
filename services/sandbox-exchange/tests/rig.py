"""A server of one's own, signed requests to it, and an engine without any I/O."""

import hashlib
import hmac
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from aviary_sandbox_exchange.clock import FixedClock
from aviary_sandbox_exchange.engine.book import Book
from aviary_sandbox_exchange.engine.desk import Desk
from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.engine.news import Silence
from aviary_sandbox_exchange.engine.order_store import OrderStore
from aviary_sandbox_exchange.history.candles import Candles
from aviary_sandbox_exchange.history.path import Prices
from aviary_sandbox_exchange.history.tape import Tape
from aviary_sandbox_exchange.journal import Journal
from aviary_sandbox_exchange.ledger import Ledger
from aviary_sandbox_exchange.pairs import SPOT
from aviary_sandbox_exchange.spot.settlement import SpotSettlement

DEADLINE_S = 20.0
NOW_MS = 1_780_000_000_000


@dataclass
class Server:
    """``log`` is what the process has written; a test may look for what must not be there."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(DEADLINE_S)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(DEADLINE_S)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_server(data_dir: Path, **settings: str) -> Server:
    port = free_port()
    data_dir.mkdir(parents=True, exist_ok=True)
    log = data_dir / f"server-{port}.log"
    environment = {**os.environ, "AVIARY_SANDBOX_DATA_DIR": str(data_dir)}
    environment |= {f"AVIARY_SANDBOX_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "uvicorn", "aviary_sandbox_exchange.app:create", "--factory"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port), "--no-access-log"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(process, port, log)
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{server.base}/readyz").status_code == 200:
                return server
        except httpx.TransportError:
            time.sleep(0.02)
    server.kill()
    raise AssertionError(log.read_text())


KEYS = itertools.count()


def fresh_key() -> str:
    return f"key-{os.getpid()}-{next(KEYS)}"


@dataclass
class Client:
    """One API key's requests."""

    http: httpx.AsyncClient
    key: str = field(default_factory=fresh_key)

    def query(self, params: dict[str, Any]) -> str:
        sent = urlencode({"timestamp": int(time.time() * 1000), **params})
        signature = hmac.new(f"{self.key}-secret".encode(), sent.encode(), hashlib.sha256).hexdigest()
        return f"{sent}&signature={signature}"

    async def call(self, method: str, path: str, **params: Any) -> httpx.Response:
        sent = self.query(params)
        headers = {"X-MBX-APIKEY": self.key, "Content-Type": "application/x-www-form-urlencoded"}
        if method in ("GET", "DELETE"):
            return await self.http.request(method, f"{path}?{sent}", headers=headers)
        return await self.http.request(method, path, content=sent, headers=headers)

    async def ok(self, method: str, path: str, **params: Any) -> Any:
        answer = await self.call(method, path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def limit(self, side: str, quantity: str, price: str, symbol: str = "BTCUSDT", **more: Any) -> Any:
        order = {"symbol": symbol, "side": side, "type": "LIMIT", "timeInForce": "GTC", "quantity": quantity}
        return await self.ok("POST", "/api/v3/order", **order, price=price, **more)

    async def market(self, side: str, symbol: str = "BTCUSDT", **more: Any) -> Any:
        return await self.ok("POST", "/api/v3/order", symbol=symbol, side=side, type="MARKET", **more)

    async def balance(self, asset: str) -> tuple[str, str]:
        account = await self.ok("GET", "/api/v3/account")
        (found,) = [entry for entry in account["balances"] if entry["asset"] == asset]
        return found["free"], found["locked"]

    async def control(self, route: str, /, **body: Any) -> Any:
        answer = await self.http.post(f"/sandbox/{route}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def public(self, path: str, **params: Any) -> Any:
        answer = await self.http.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()


@dataclass
class Engine:
    """A spot desk in memory, with the clock in the test's hand and no house."""

    desk: Desk
    ledger: Ledger
    journal: Journal
    clock: FixedClock
    news: Silence


@contextmanager
def build_engine() -> Iterator[Engine]:
    journal, clock, ledger, prices = Journal(":memory:"), FixedClock(NOW_MS), Ledger(), Prices(1)
    store = OrderStore(journal.connection, "spot", SPOT)
    markets = {}
    for pair in SPOT:
        tape = Tape(pair, prices, journal.connection, seed=1, now_ms=NOW_MS, next_id=1)
        markets[pair.symbol] = Market(pair, Book(), tape, Candles(tape, NOW_MS))
    news = Silence()
    desk = Desk(markets, SpotSettlement(ledger), store, clock, news)
    for writer in (ledger, store):
        journal.carry(writer)
    try:
        yield Engine(desk, ledger, journal, clock, news)
    finally:
        journal.connection.close()


Launch = Callable[..., Server]
Connect = Callable[[str], Client]
Eventually = Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]]
NewEngine = Callable[[], AbstractContextManager[Engine]]
