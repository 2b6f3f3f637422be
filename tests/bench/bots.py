"""Two hundred bots that report: ``python -m tests.bench.bots`` measures them on a stack of its own.

Their logins and runs are rows, and a stand-in for Docker says that their containers run; the rest is the real thing.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import httpx
import psutil
from pydantic import SecretStr
from rich.console import Console

from aviary_common.bus import Bus
from aviary_common.database import Database
from aviary_common.settings import BusSettings, DatabaseSettings
from aviary_local import processes, secrets
from aviary_local.topology import BOTS_BROKER, MQTT_EDGE, NATS, ORCHESTRATION, POSTGRES
from aviary_orchestration.bots.commands import Commands
from aviary_orchestration.bots.hearing import Hearing
from aviary_orchestration.broker import store as logins
from aviary_orchestration.broker.passwords import PasswordHash, new_password
from aviary_orchestration.runs import store as runs
from aviary_orchestration.runs.states import DeploymentStatus
from tests.bench.bot_crowd import CHATTER, Crowd, Handle, crowd_of_bots
from tests.bench.bot_samples import STEPS as SAMPLE_STEPS
from tests.bench.bot_samples import database_url
from tests.bench.load import Answer, Connection, percentile
from tests.bench.measure import Figure, Step, cpu_s, table_of
from tests.stack import Stack, running_stack

BOTS: Final = 200
BOT_NAMES: Final = tuple(f"bench-{number:03}" for number in range(BOTS))
SETTLES_IN_S: Final = 6.0
WATCHED_S: Final = 20.0
REQUESTS: Final = 250
GAP_S: Final = 0.02
"""Between an answer and the next question: what a second answers faster is not of interest here."""
KNOWN_WITHIN_S: Final = 60.0
MQTT_PORT: Final = dict(MQTT_EDGE.listeners)[BOTS_BROKER]
DEPLOYED_AS: Final = {"controllers_config": ["pmm_simple_1.yml"], "headless": True, "image": "hummingbot/hummingbot"}


def two_hundred_bots(stack: Stack) -> list[Figure]:
    engine = stack.home / "engine.sock"
    _restart(stack, {"AVIARY_DOCKER_HOST": f"unix://{engine}"})
    crowd = Crowd(stack.port_base + MQTT_PORT, asyncio.run(_deploy(stack)), engine)
    with crowd_of_bots(crowd) as bots:
        return asyncio.run(_measured(stack, bots))


def _restart(stack: Stack, settings: Mapping[str, str]) -> None:
    stack.run("down")
    stack.run("up", "--detach", settings=settings)


async def _deploy(stack: Stack) -> dict[str, str]:
    """Everything of a deployment but the container: passwords by name."""
    passwords = {name: new_password() for name in BOT_NAMES}
    database = Database(DatabaseSettings(database_url=SecretStr(database_url(stack))))
    try:
        async with database.transaction() as connection:
            for name, password in passwords.items():
                await logins.put(connection, name, PasswordHash.of(password))
                new = runs.NewRun(
                    name, name, "script", "v2_with_controllers", None, "master_account", "latest", dict(DEPLOYED_AS)
                )
                run = await runs.add(connection, new)
                await runs.change(connection, run.id, deployment_status=DeploymentStatus.DEPLOYED)
    finally:
        await database.close()
    return passwords


async def _measured(stack: Stack, bots: Handle) -> list[Figure]:
    arrived = await asyncio.to_thread(bots.arrive)
    async with httpx.AsyncClient(base_url=stack.url, auth=stack.login, timeout=30) as client:
        await _until_all_run(client)
    await asyncio.sleep(SETTLES_IN_S)
    figures = [
        Figure(f"{BOTS} bots connect at once: the last one is let in after", arrived.let_in_s, "s"),
        Figure("  and hears its eight commands after", arrived.listening_s, "s"),
        Figure("  attempts that failed", arrived.refused, "attempts", "0"),
        *await _shares(stack),
        *await _glances(stack, "all bots' status through the edge", "< 20"),
        *await _answers(stack, "one bot's status through the edge", lambda name: f"/bot-orchestration/{name}/status"),
        *await _answers(
            stack, "a bot's history through the edge", lambda name: f"/bot-orchestration/{name}/history", "< 15"
        ),
        *await _commands(stack),
        Figure("memory of the service", _memory(stack), "MB", "< 200"),
    ]
    await asyncio.to_thread(bots.talk)
    await asyncio.sleep(SETTLES_IN_S)
    return [
        *figures,
        *await _glances(stack, f"all bots' status with {CHATTER} log lines of each"),
        Figure("  memory of the service", _memory(stack), "MB", "< 200"),
        Figure("a new replica knows all of them, after it is ready", await _new_replica(stack), "s"),
    ]


async def _shares(stack: Stack) -> list[Figure]:
    """Of one core, while the bots report and nobody asks."""
    parts = {part: _family(stack, part) for part in (ORCHESTRATION.name, MQTT_EDGE.name, NATS.name, POSTGRES.name)}
    started, before = time.perf_counter(), {part: _cpu_s(family) for part, family in parts.items()}
    await asyncio.sleep(WATCHED_S)
    took = time.perf_counter() - started
    shares = {part: (_cpu_s(family) - before[part]) / took * 100 for part, family in parts.items()}
    targets = {ORCHESTRATION.name: "< 100"}
    return [Figure(f"CPU of {part}", share, "% of a core", targets.get(part, "")) for part, share in shares.items()]


def _family(stack: Stack, part: str) -> list[psutil.Process]:
    pid = stack.part(part).pid
    return [psutil.Process(each) for each in processes.family_of(pid)] if pid else []


def _cpu_s(family: Sequence[psutil.Process]) -> float:
    return sum(cpu_s(process) for process in family if process.is_running())


async def _glances(stack: Stack, name: str, target: str = "") -> list[Figure]:
    answers = await _asked(stack, lambda _: "/bot-orchestration/status")
    return [
        *_figures(name, [answer.ms for answer in answers], p99=target),
        Figure("  of which each has", len(answers[-1].body) / 2**20, "MB"),
    ]


async def _answers(stack: Stack, name: str, path: Callable[[str], str], p50: str = "") -> list[Figure]:
    return _figures(name, [answer.ms for answer in await _asked(stack, path)], p50=p50)


async def _asked(stack: Stack, path: Callable[[str], str]) -> list[Answer]:
    connection = await Connection(stack.url, stack.login).open()
    answers = []
    for number in range(REQUESTS):
        answers.append(await connection.get(path(BOT_NAMES[number * 7 % BOTS])))
        await asyncio.sleep(GAP_S)
    await connection.close()
    if any(answer.status != 200 for answer in answers):
        raise RuntimeError(f"refused: {next(answer.body for answer in answers if answer.status != 200)!r}")
    return answers


async def _commands(stack: Stack) -> list[Figure]:
    """As the service itself sends them, from here."""
    async with _bus(stack) as bus:
        hearing = Hearing()
        await hearing.listen(bus)
        commands = Commands(bus, hearing)
        times = []
        for number in range(REQUESTS):
            times.append(await _ms(commands.send(BOT_NAMES[number * 7 % BOTS], "history", 5.0, days=0)))
            await asyncio.sleep(GAP_S)
    return _figures("  of which a command and its answer", times, p50="< 15")


@asynccontextmanager
async def _bus(stack: Stack) -> AsyncIterator[Bus]:
    made = secrets.load(stack.data / "secrets.env", {})
    bus = await Bus.connect(
        BusSettings(
            nats_servers=f"nats://127.0.0.1:{stack.port_base + NATS.ports['nats']}",
            nats_user=ORCHESTRATION.name,
            nats_password=SecretStr(made.nats_password(ORCHESTRATION)),
        )
    )
    try:
        yield bus
    finally:
        await bus.close()


async def _ms(work: Awaitable[object]) -> float:
    started = time.perf_counter()
    await work
    return (time.perf_counter() - started) * 1000


def _figures(name: str, times: list[float], p50: str = "", p99: str = "") -> list[Figure]:
    return [
        Figure(f"{name}, p50", percentile(times, 0.5), "ms", p50),
        Figure("  p99", percentile(times, 0.99), "ms", p99),
    ]


async def _new_replica(stack: Stack) -> float:
    await asyncio.to_thread(stack.run, "up", "--scale", f"{ORCHESTRATION.name}=2")
    url = stack.straight(ORCHESTRATION, replica=1)
    async with httpx.AsyncClient(base_url=url, auth=stack.login, timeout=30) as client:
        return await _until_all_run(client)


async def _until_all_run(client: httpx.AsyncClient) -> float:
    """The seconds until every bot is known with its reports."""
    started = time.perf_counter()
    async with asyncio.timeout(KNOWN_WITHIN_S):
        while True:
            found = json.loads((await client.get("/bot-orchestration/status")).content)["data"]
            if sum(each["status"] == "running" for each in found.values()) == BOTS:
                return time.perf_counter() - started
            await asyncio.sleep(GAP_S)


def _memory(stack: Stack) -> float:
    """Proportional set size in MB."""
    part = next(part for part in stack.status()["processes"] if part["name"] == ORCHESTRATION.name)
    return float(part["memory_bytes"]) / 2**20


STEPS: Final[tuple[Step, ...]] = (
    *SAMPLE_STEPS,
    (f"{BOTS} bots that report", two_hundred_bots),
)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="aviary-bench-") as folder, running_stack(Path(folder)) as stack:
        for description, measure in STEPS:
            Console().print(description, table_of(measure(stack)))


if __name__ == "__main__":
    main()
