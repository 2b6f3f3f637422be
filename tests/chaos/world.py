"""Everything real that a round needs: Postgres, NATS, Valkey, the venue, and two replicas of trading."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp
from redis.asyncio import Redis
from redis.exceptions import RedisError

from aviary_common.cancelling import end
from aviary_local.ports import free_ports
from aviary_local.testing import Server, Servers, servers
from tests.chaos.accounts import Accounts, played_services
from tests.chaos.evidence import Evidence
from tests.chaos.forks import Fork, Zygote, running_zygote, serving
from tests.chaos.replica.app import KILLS_FILE
from tests.chaos.schedule import MARKETS, Kill

PACE: Final = {"look_every_s": 0.3, "sweep_every_s": 2.0, "stream_grace_s": 0.3, "may_still_arrive_s": 4.0}
"""``may_still_arrive`` is longer than the exchange's deadline and the signature's life together."""
SETTINGS: Final = {
    "AVIARY_LEASE_TTL_S": "3",
    "AVIARY_PACE": json.dumps(PACE),
    "AVIARY_EXCHANGE_TIMEOUT_S": "1.5",
    "AVIARY_EXCHANGE_SIGNED_FOR_S": "1.5",
    "AVIARY_LOG_LEVEL": "WARNING",
}
NO_LIMITS: Final = {"weight": 10_000_000, "orders": {"10S": 10_000_000, "1D": 100_000_000}}
CALLER_GIVES_UP_S: Final = 20.0


@dataclass(frozen=True)
class Death:
    """One ``kill -9`` at an await, as the dying replica wrote it down."""

    path: str
    number: int
    at: str


@dataclass
class World:
    directory: Path
    servers: Servers
    zygote: Zygote
    venue: Fork
    replicas: Sequence[Fork]
    accounts: Accounts
    http: aiohttp.ClientSession
    evidence: Evidence
    restart_after_s: float = 0.0
    kills: Counter[str] = field(default_factory=Counter)
    deaths: list[Death] = field(default_factory=list)

    def replica(self, which: int) -> Fork:
        return self.replicas[which % len(self.replicas)]

    async def keep_alive(self, fork: Fork) -> None:
        """What dies begins again, as the launcher or an orchestrator would see to."""
        while True:
            await fork.ended.wait()
            await self.disarm(*self._take_deaths(fork))
            await asyncio.sleep(self.restart_after_s)
            await self.zygote.begin(fork)

    async def all_serving(self) -> None:
        await asyncio.gather(*(serving(fork, self.http) for fork in self.replicas))

    def kill_replica(self, which: int) -> None:
        self.zygote.kill(self.replica(which))
        self.kills["replica"] += 1

    async def kill_owner(self, account: str, connector: str) -> None:
        """The replica that holds the account's session, whichever that is."""
        try:
            holder = await self.evidence.cache.get(f"lease:session:{account}:{connector}")
        except RedisError:
            return
        owner = next((fork for fork in self.replicas if holder and f":{fork.pid} " in holder), None)
        if owner is not None:
            self.zygote.kill(owner)
            self.kills["session owner"] += 1

    async def kill_server(self, name: str, down_s: float) -> None:
        """``kill -9``, and a new start on the same port and data."""
        server: Server = getattr(self.servers, name)
        await asyncio.to_thread(server.kill)
        self.kills[name] += 1
        await asyncio.sleep(down_s)
        server.launch()
        await asyncio.to_thread(server.wait_ready)

    async def control(self, path: str, body: object) -> Any:
        async with self.http.post(f"{self.venue.url}{path}", json=body) as answer:
            told = await answer.json(content_type=None)
            assert answer.status == 200, told
            return told

    async def move_market(self, factor: Any = 1) -> None:
        """Both sides of each market: the house quotes anew around it, and what rests beyond is filled."""
        for market in MARKETS["sandbox"]:
            price = (market.price * factor).quantize(MARKETS["sandbox_perpetual"][0].tick)
            symbol = market.trading_pair.replace("-", "")
            await self.control("/sandbox/price", {"symbol": symbol, "price": str(price)})

    async def lift_faults(self, accounts: Sequence[str]) -> None:
        async with self.http.delete(f"{self.venue.url}/sandbox/faults"):
            pass
        await self.control("/chaos/stream", {"keys": list(accounts), "kind": "quiet"})

    async def restart(self, which: int) -> None:
        fork, before = self.replica(which), self.replica(which).pid
        self.kill_replica(which)
        while fork.pid in (before, None):
            await asyncio.sleep(0.01)
        await serving(fork, self.http)

    async def arm(self, kill: Kill) -> None:
        for fork in self.replicas:
            fork.armed[kill.path] = kill.number
            await self._tell_armed(fork)

    async def disarm(self, *paths: str) -> None:
        for fork in self.replicas:
            for path in paths:
                fork.armed.pop(path, None)
            await self._tell_armed(fork)

    async def _tell_armed(self, fork: Fork) -> None:
        """One that is down just now hears of it when it begins."""
        with suppress(aiohttp.ClientError):
            async with self.http.post(f"{fork.url}/chaos/arm", json=fork.armed):
                pass

    def _take_deaths(self, fork: Fork) -> list[str]:
        """The paths on which it died, by its own word."""
        file = Path(fork.environment[KILLS_FILE])
        lines = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        deaths = [Death(**json.loads(line)) for line in lines]
        self.deaths.extend(deaths)
        return [death.path for death in deaths]

    def log_of(self, text: str) -> list[str]:
        return [
            line
            for fork in (*self.replicas, self.venue)
            for line in fork.log.read_text(errors="replace").splitlines()
            if text in line
        ]


@asynccontextmanager
async def running_world(directory: Path) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        running = stack.enter_context(servers(directory, durable=True))
        zygote = await stack.enter_async_context(running_zygote())
        venue_port, *ports = free_ports(3)
        venue_environment = {"AVIARY_SANDBOX_DATA_DIR": str(directory / "venue")}
        venue = Fork("venue", "tests.chaos.venue", venue_port, directory / "venue.log", venue_environment)
        environment = {
            **running.environment("trading"),
            **SETTINGS,
            "AVIARY_EXCHANGE_BASE_URLS": json.dumps({"sandbox": venue.url, "sandbox_perpetual": venue.url}),
        }
        replicas = [
            Fork(
                name,
                "tests.chaos.replica",
                port,
                directory / f"{name}.log",
                {**environment, KILLS_FILE: str(directory / f"{name}.deaths")},
            )
            for name, port in zip(("a", "b"), ports, strict=True)
        ]
        login = aiohttp.encode_basic_auth(environment["AVIARY_USERNAME"], environment["AVIARY_PASSWORD"])
        http = await stack.enter_async_context(
            aiohttp.ClientSession(
                headers={"Authorization": login},
                connector=aiohttp.TCPConnector(limit=0, force_close=True),
                timeout=aiohttp.ClientTimeout(total=CALLER_GIVES_UP_S),
            )
        )
        accounts = await stack.enter_async_context(played_services(running))
        cache = Redis.from_url(running.valkey_url, decode_responses=True)
        stack.push_async_callback(cache.aclose)
        evidence = Evidence(running, cache, http, venue.url)
        stack.push_async_callback(evidence.close)
        world = World(directory, running, zygote, venue, replicas, accounts, http, evidence)
        for fork in (venue, *replicas):
            await zygote.begin(fork)
        await serving(venue, http)
        await world.control("/sandbox/freeze", {})
        for side in ("spot", "futures"):
            await world.control("/sandbox/limits", {"side": side, **NO_LIMITS})
        await world.move_market()
        await world.all_serving()
        keeping = [asyncio.create_task(world.keep_alive(fork)) for fork in replicas]
        try:
            yield world
        finally:
            await end(*keeping)
