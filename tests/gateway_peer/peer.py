"""The stand-in for a test: started, asked through its control plane, stopped.

async with GatewayPeer(tmp_path) as peer:
    await peer.fund(address, "WETH", 3)
    await peer.next_transactions(Fate(end=End.REVERTED))
"""

import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self

import httpx

from aviary_local.ports import LOOPBACK, free_ports
from aviary_testing.waiting import eventually
from tests.gateway_peer.certificates import Certificates
from tests.gateway_peer.chain.transactions import End, Fate

ROOT: Final = Path(__file__).parents[2]
STARTS_WITHIN_S: Final = 30.0
PASSPHRASE: Final = "a passphrase for tests"
WITHOUT_TLS: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients of plain HTTP: each would otherwise read all the world's certificates first."""


class GatewayPeer:
    """With ``certificates`` it wants mutual TLS; ``passphrase`` must then open the server's key.

    ``host`` may be changed before it starts: for clients in containers, to an address that they reach.
    With ``keeps_state`` a stopped or killed stand-in, started again, still has its chains, wallets, settings and lists.
    """

    def __init__(
        self,
        directory: Path,
        *,
        certificates: Certificates | None = None,
        passphrase: str = PASSPHRASE,
        keeps_state: bool = False,
    ) -> None:
        self.directory, self.certificates, self.passphrase = directory, certificates, passphrase
        self.keeps_state = keeps_state
        self.host = LOOPBACK
        self.port, self.control_port, self.node_port = free_ports(3)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """By name over TLS: certificates of Hummingbot's own tool have no address in them."""
        return f"https://localhost:{self.port}" if self.certificates else f"http://{self.host}:{self.port}"

    @property
    def control_url(self) -> str:
        return f"http://{LOOPBACK}:{self.control_port}"

    def node_url(self, network: str = "mainnet") -> str:
        return f"http://{self.host}:{self.node_port}/ethereum-{network}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop()

    async def start(self) -> None:
        """Returns once ``GET /`` answers."""
        self._process = start_process(self.directory, *self.arguments())
        await eventually(self._is_ready, within_s=STARTS_WITHIN_S)

    def arguments(self) -> list[str]:
        ports = ["--port", self.port, "--control-port", self.control_port, "--node-port", self.node_port]
        secure = ["--certificates", self.certificates.folder] if self.certificates else []
        state = ["--state", self.directory / "gateway_peer.state"] if self.keeps_state else []
        logs = ["--logs", self.directory / "logs"]
        return [
            str(each) for each in ("--host", self.host, *ports, "--passphrase", self.passphrase, *secure, *state, *logs)
        ]

    def stop(self) -> int | None:
        """The exit code; None when it does not run."""
        return self._end(lambda process: process.terminate())

    def kill(self) -> None:
        """kill -9; what it knew is gone."""
        self._end(lambda process: process.kill())

    def client(self, **settings: Any) -> httpx.AsyncClient:
        """Of Gateway itself, with the client certificate where one is wanted."""
        verify = self.certificates.client_context() if self.certificates else WITHOUT_TLS
        return httpx.AsyncClient(base_url=self.url, verify=verify, timeout=10, **settings)

    async def control(self, method: str, path: str, /, **fields: Any) -> Any:
        """One call of the control plane: fields are the body, or the query of a GET."""
        told: dict[str, Any] = {"params": fields} if method == "GET" else {"json": fields}
        async with httpx.AsyncClient(base_url=self.control_url, verify=WITHOUT_TLS, timeout=10) as client:
            answer = await client.request(method, path, **told)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def reset(self) -> None:
        """As it was at the start: no wallets, fresh chains, nothing recorded."""
        await self.control("POST", "/reset")

    async def fund(self, address: str, token: str, amount: float | str, network: str = "mainnet") -> None:
        """``token``: a symbol, the native currency's too, or an address."""
        await self.control("POST", "/fund", address=address, token=token, amount=str(amount), network=network)

    async def next_transactions(self, *fates: Fate, network: str = "mainnet") -> None:
        told = [each.model_dump(mode="json") for each in fates]
        await self.control("POST", "/transactions", fates=told, network=network)

    async def finish(
        self, key: str | None = None, *, end: End | None = None, network: str = "mainnet"
    ) -> list[dict[str, Any]]:
        """End one transaction of the mempool, or all, as decided before or as told now."""
        found: list[dict[str, Any]] = await self.control(
            "POST", "/transactions/finish", hash=key, end=end, network=network
        )
        return found

    async def transactions(self, network: str = "mainnet") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.control("GET", "/transactions", network=network)
        return found

    async def positions(self, network: str = "mainnet") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.control("GET", "/positions", network=network)
        return found

    async def move_price(self, pool: str, price: float | str, network: str = "mainnet") -> None:
        """Token1 per token0."""
        await self.control("POST", "/price", pool=pool, price=str(price), network=network)

    async def accrue_fees(
        self, position: int, amount0: float | str = 0, amount1: float | str = 0, network: str = "mainnet"
    ) -> None:
        told = {"amount0": str(amount0), "amount1": str(amount1)}
        await self.control("POST", "/fees", position=position, network=network, **told)

    async def links(
        self,
        *,
        gateway: str | None = None,
        node: str | None = None,
        node_refuses: list[str] | None = None,
        network: str = "mainnet",
    ) -> None:
        """How Gateway, and who asks the node, reach the chain: alive, error or refused; and methods it has not."""
        await self.control("POST", "/rpc", gateway=gateway, node=node, node_refuses=node_refuses, network=network)

    async def next_answer(self, path: str, /, **script: Any) -> None:
        """For the next requests below a path: ``delay_s``, ``lost``, or a ``status`` instead of doing it; ``times``."""
        await self.control("POST", "/answers", path=path, **script)

    async def timing(self, **seconds: float) -> None:
        await self.control("POST", "/timing", **seconds)

    async def advance_clock(self, seconds: float) -> None:
        await self.control("POST", "/clock", seconds=seconds)

    async def limit(self, per_minute: int) -> None:
        await self.control("POST", "/limit", per_minute=per_minute)

    async def requests(self, path: str = "") -> list[dict[str, Any]]:
        """What Gateway was asked below a path, oldest first."""
        found: list[dict[str, Any]] = await self.control("GET", "/requests", path=path)
        return found

    async def counters(self, network: str = "mainnet") -> dict[str, Any]:
        found: dict[str, Any] = await self.control("GET", "/counters", network=network)
        return found

    async def _is_ready(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise AssertionError(f"the Gateway stand-in did not start:\n{self.log()}")
        try:
            async with self.client() as client:
                return (await client.get("/")).status_code == 200
        except httpx.TransportError:
            return False

    def log(self) -> str:
        return (self.directory / "gateway_peer.log").read_text()

    def _end(self, how: Callable[["subprocess.Popen[bytes]"], None]) -> int | None:
        process, self._process = self._process, None
        if process is None:
            return None
        how(process)
        return process.wait(15)


def start_process(directory: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    """Its output goes to ``gateway_peer.log``."""
    with (directory / "gateway_peer.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.gateway_peer", *arguments], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
        )
