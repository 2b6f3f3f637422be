"""Live market data through the edge, with several replicas, and with one that dies."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import httpx
import pytest

from aviary_local.topology import MARKET_DATA
from aviary_testing.waiting import eventually
from tests.e2e.trader import CONNECTOR, Json
from tests.stack import Stack

pytestmark = pytest.mark.e2e

PAIR = "SOL-USDT"
FEED = f"order_book_{CONNECTOR}_{PAIR}"
HEALED_S = 10
READERS = 12
BOOK: Json = {"connector_name": CONNECTOR, "trading_pair": PAIR, "depth": 5}


@pytest.fixture
def three(stack: Stack) -> Stack:
    stack.run("up", "--scale", f"{MARKET_DATA.name}=3")
    return stack


async def owner(client: httpx.AsyncClient) -> int:
    """The process that follows the book at the venue; 0 when none does."""
    feed = (await client.get("/market-data/active-feeds")).json().get(FEED, {})
    return int(feed["owner"].rpartition(":")[2]) if feed.get("owner") else 0


async def test_server_sent_events_tell_what_the_socket_tells(client: httpx.AsyncClient) -> None:
    wanted = {"connector": CONNECTOR, "trading_pair": f"{PAIR},BTC-USDT", "depth": 2, "update_interval": 0.25}
    told: dict[str, Json] = {}
    async with asyncio.timeout(30), client.stream("GET", "/market-data/stream", params=wanted) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                message = json.loads(line.removeprefix("data: "))
                told[message["subscription_id"]] = message
            if len(told) == 2:
                break
    assert set(told) == {FEED, f"order_book_{CONNECTOR}_BTC-USDT"}
    assert [len(told[FEED]["data"][side]) for side in ("bids", "asks")] == [2, 2]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"connector": "sandbx"}, 404), ({"trading_pair": "NO-SUCH"}, 404), ({"type": "news"}, 422), ({"depth": 0}, 422)],
)
async def test_what_cannot_be_streamed_is_an_error_and_no_stream(
    client: httpx.AsyncClient, wrong: Json, status: int
) -> None:
    wanted = {"connector": CONNECTOR, "trading_pair": PAIR} | wrong
    assert (await client.get("/market-data/stream", params=wanted)).status_code == status


class Reader:
    """Follows the book, and begins again when the connection is lost; knows when it was last told something."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.told_at = 0.0
        self.age_s = float("inf")

    async def read(self) -> None:
        username, password = self._stack.login
        async with aiohttp.ClientSession(headers=_login(username, password)) as session:
            while True:
                try:
                    async with session.ws_connect(f"{self._stack.url}/ws/market-data") as socket:
                        await self._follow(socket)
                except (aiohttp.ClientError, ConnectionError):
                    await asyncio.sleep(0.1)

    async def _follow(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        wanted = {"action": "subscribe", "type": "order_book", "connector": CONNECTOR, "trading_pair": PAIR}
        await socket.send_json(wanted | {"update_interval": 0.25})
        async for message in socket:
            told: dict[str, Any] = json.loads(message.data)
            if told["type"] == "order_book":
                self.told_at, self.age_s = time.monotonic(), told["age_s"]


def _login(username: str, password: str) -> dict[str, str]:
    return {"Authorization": aiohttp.encode_basic_auth(username, password)}


@asynccontextmanager
async def reading(stack: Stack) -> AsyncIterator[list[Reader]]:
    readers = [Reader(stack) for _ in range(READERS)]
    tasks = [asyncio.create_task(reader.read()) for reader in readers]
    try:
        yield readers
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_the_death_of_a_feeds_owner_loses_no_reader(three: Stack, client: httpx.AsyncClient) -> None:
    async with reading(three) as readers:
        await eventually(lambda: all(reader.told_at for reader in readers))
        await eventually(lambda: owner(client))
        first = await owner(client)
        name = next(each.name for each in three.report().processes if each.pid == first)
        with three.held_down(name):
            died_at = time.monotonic()

            async def another_owns() -> bool:
                return await owner(client) not in (0, first)

            await eventually(another_owns, within_s=HEALED_S)
            healed_at = time.monotonic()
            await eventually(
                lambda: all(reader.told_at > healed_at and reader.age_s < 1 for reader in readers),
                within_s=died_at + HEALED_S + 5 - healed_at,
            )
            answers = [await client.post("/market-data/order-book", json=BOOK) for _ in range(30)]
            assert {answer.status_code for answer in answers} == {200}
            assert max(answer.json()["age_s"] for answer in answers) < 5
    three.run("up", "--scale", f"{MARKET_DATA.name}=1")
