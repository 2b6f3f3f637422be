"""Many WebSocket readers of one book, in a process of their own, so that their CPU is not the service's."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Final

import psutil
from websockets.asyncio.client import ClientConnection, connect

from tests.bench.measure import cpu_s

AT_ONCE: Final = 50
"""Connections that are opened at the same time."""
SETTLES_IN_S: Final = 2.0
SUBSCRIPTION: Final = {
    "action": "subscribe",
    "type": "order_book",
    "connector": "sandbox",
    "trading_pair": "BTC-USDT",
    "depth": 10,
    "update_interval": 1.0,
}


@dataclass(frozen=True, slots=True)
class Crowd:
    url: str
    login: tuple[str, str]
    subscribers: int
    seconds: float
    service_pid: int
    compression: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """``cpu_percent`` is the service's, of one core."""

    cpu_percent: float
    messages_per_s: float
    characters: float
    """Of a message."""


@dataclass(slots=True)
class Received:
    messages: int = 0
    characters: int = 0


async def told_to(crowd: Crowd) -> Told:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, _follow, crowd)


def _follow(crowd: Crowd) -> Told:
    return asyncio.run(_measured(crowd))


async def _measured(crowd: Crowd) -> Told:
    service = psutil.Process(crowd.service_pid)
    received = Received()
    async with AsyncExitStack() as stack:
        sockets = [socket async for socket in _crowded(crowd, stack)]
        readers = [asyncio.create_task(_read(socket, received)) for socket in sockets]
        await asyncio.sleep(SETTLES_IN_S)
        received.messages = received.characters = 0
        started, before = time.perf_counter(), cpu_s(service)
        await asyncio.sleep(crowd.seconds)
        took, cpu = time.perf_counter() - started, cpu_s(service) - before
        messages, characters = received.messages, received.characters
        if any(reader.done() for reader in readers):
            raise RuntimeError("the service dropped a subscriber")
    await asyncio.gather(*readers)
    return Told(cpu / took * 100, messages / took, characters / max(1, messages))


async def _crowded(crowd: Crowd, stack: AsyncExitStack) -> AsyncIterator[ClientConnection]:
    for first in range(0, crowd.subscribers, AT_ONCE):
        count = min(AT_ONCE, crowd.subscribers - first)
        for socket in await asyncio.gather(*(_subscribed(crowd) for _ in range(count))):
            stack.push_async_callback(socket.close)
            yield socket


async def _subscribed(crowd: Crowd) -> ClientConnection:
    token = base64.b64encode(":".join(crowd.login).encode()).decode()
    headers = {"Authorization": f"Basic {token}"}
    socket = await connect(crowd.url, additional_headers=headers, compression=crowd.compression, proxy=None)
    await socket.recv()
    await socket.send(json.dumps(SUBSCRIPTION))
    reply = json.loads(await socket.recv())
    if reply["type"] != "subscribed":
        raise RuntimeError(f"no subscription: {reply}")
    return socket


async def _read(socket: ClientConnection, received: Received) -> None:
    async for message in socket:
        received.messages += 1
        received.characters += len(message)
