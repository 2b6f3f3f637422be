"""Two hundred bots in a process of their own, so that their CPU is not the stack's; and the engine that they "run" in.

They speak as Hummingbot does: a pulse every 10 s, a report every second, a log line now and then, eight commands heard.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any, Final

import aiomqtt
import orjson

from tests.bench.engine_stand_in import EngineStandIn

COMMANDS: Final = ("start", "stop", "config", "import", "status", "history", "balance/limit", "balance/paper")
CONTROLLER: Final = "pmm_simple_1"
PULSE_S: Final = 10.0
REPORT_S: Final = 1.0
LINE_S: Final = 15.0
TRY_AGAIN_S: Final = 1.0
CHATTER: Final = 100
"""Lines that a bot says at once when it is told to talk."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Crowd:
    """``logins`` are passwords by name."""

    port: int
    logins: Mapping[str, str]
    engine: Path


@dataclass(frozen=True, slots=True)
class Arrived:
    """Seconds until the last bot was let in, and until the last one heard all its commands; and how often the broker
    was away or said no."""

    let_in_s: float
    listening_s: float
    refused: int


@dataclass(frozen=True, slots=True)
class Handle:
    """``arrive`` makes all of them connect at once; ``talk`` has each say many lines, and returns when they have."""

    pipe: Pipe

    def arrive(self) -> Arrived:
        arrived: Arrived = self._ask("arrive")
        return arrived

    def talk(self) -> None:
        self._ask("talk")

    def _ask(self, what: str) -> Any:
        self.pipe.send(what)
        return self.pipe.recv()


@contextmanager
def crowd_of_bots(crowd: Crowd) -> Iterator[Handle]:
    """The engine answers from now on, and the bots go at the end."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(crowd, theirs), daemon=True)
    process.start()
    try:
        if ours.recv() != "ready":
            raise RuntimeError("the bots are not ready")
        yield Handle(ours)
    finally:
        process.terminate()
        process.join()


def _run(crowd: Crowd, pipe: Pipe) -> None:
    asyncio.run(_serve(crowd, pipe))


async def _serve(crowd: Crowd, pipe: Pipe) -> None:
    bots = [Bot(crowd.port, name, password) for name, password in crowd.logins.items()]
    async with await EngineStandIn(list(crowd.logins)).serve(crowd.engine), asyncio.TaskGroup() as tasks:
        pipe.send("ready")
        while True:
            if await asyncio.to_thread(pipe.recv) == "arrive":
                started = time.perf_counter()
                for bot in bots:
                    tasks.create_task(bot.run())
                await asyncio.gather(*(bot.listening.wait() for bot in bots))
                listening_s = max(bot.listening_at for bot in bots) - started
                let_in_s = max(bot.let_in_at for bot in bots) - started
                pipe.send(Arrived(let_in_s, listening_s, sum(bot.refused for bot in bots)))
            else:
                await asyncio.gather(*(bot.talk() for bot in bots))
                pipe.send("said")


class Bot:
    def __init__(self, port: int, name: str, password: str) -> None:
        self._name = name
        self._client = aiomqtt.Client(
            "127.0.0.1", port, username=name, password=password, identifier=f"hbot.{name}", keepalive=60, timeout=10
        )
        self.listening = asyncio.Event()
        self.let_in_at = self.listening_at = 0.0
        self.refused = 0

    async def run(self) -> None:
        while True:
            try:
                async with self._client:
                    await self._live()
            except aiomqtt.MqttError:
                self.refused += 1
                await asyncio.sleep(TRY_AGAIN_S)

    async def _live(self) -> None:
        self.let_in_at = time.perf_counter()
        for command in COMMANDS:
            await self._client.subscribe(f"hbot/{self._name}/{command}", qos=1)
        self.listening_at = time.perf_counter()
        self.listening.set()
        await self._say("status_updates", {"timestamp": _now_ms(), "type": "availability", "msg": "online"})
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._every(PULSE_S, self._pulse))
            tasks.create_task(self._every(REPORT_S, self._report))
            tasks.create_task(self._every(LINE_S, self._line))
            async for message in self._client.messages:
                await self._answer(message)

    async def talk(self) -> None:
        for number in range(CHATTER):
            await self._say("log", _line(f"order {number} of {self._name} has been created at 60,000.5 USDT"))

    async def _every(self, period_s: float, say: Callable[[], Awaitable[None]]) -> None:
        """Not all bots at the same moment, as bots are."""
        await asyncio.sleep(hash(self._name) % 997 / 997 * period_s)
        while True:
            due = time.monotonic() + period_s
            await say()
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _pulse(self) -> None:
        await self._say("hb", {"ts": _now_ms() * 1000})

    async def _report(self) -> None:
        await self._say("performance", {CONTROLLER: {"performance": performance(time.time()), "custom_info": {}}})

    async def _line(self) -> None:
        await self._say("log", _line(f"the spread is {time.time() % 1:.6f}"))

    async def _answer(self, message: aiomqtt.Message) -> None:
        assert isinstance(message.payload, bytes)
        header = {"reply_to": "", "timestamp": _now_ms(), "content_type": "json", "encoding": "utf8"}
        reply = {"header": header | {"agent": "commlib"}, "data": {"status": 200, "msg": "", "trades": []}}
        await self._client.publish(orjson.loads(message.payload)["header"]["reply_to"], orjson.dumps(reply), qos=1)

    async def _say(self, topic: str, payload: Json) -> None:
        await self._client.publish(f"hbot/{self._name}/{topic}", orjson.dumps(payload))


def performance(now_s: float) -> Json:
    """What a market maker with one position reports."""
    pnl = now_s % 100
    position = {
        "connector_name": "binance_perpetual",
        "trading_pair": "BTC-USDT",
        "volume_traded_quote": 125000.25 + pnl,
        "side": "TradeType.BUY",
        "amount": 0.125,
        "breakeven_price": 60012.5,
        "unrealized_pnl_quote": pnl / 7,
        "realized_pnl_quote": pnl / 3,
        "cum_fees_quote": 12.5,
    }
    return {
        "realized_pnl_quote": pnl / 3,
        "unrealized_pnl_quote": pnl / 7,
        "unrealized_pnl_pct": pnl / 700,
        "realized_pnl_pct": pnl / 300,
        "global_pnl_quote": pnl / 2,
        "global_pnl_pct": pnl / 200,
        "volume_traded": 125000.25 + pnl,
        "positions_summary": [position],
        "close_type_counts": {"CloseType.TAKE_PROFIT": 12, "CloseType.EARLY_STOP": 3},
    }


def _line(message: str) -> Json:
    return {
        "timestamp": time.time(),
        "msg": message,
        "level_no": 20,
        "level_name": "INFO",
        "logger_name": "hummingbot.strategy_v2.executors.position_executor",
    }


def _now_ms() -> int:
    return int(time.time() * 1000)
