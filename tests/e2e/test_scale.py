"""More replicas and fewer again on the running stack, and one of two that dies."""

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal

import httpx
import pytest
from redis.asyncio import Redis

from aviary_local.ports import Ports
from aviary_local.topology import MARKET_DATA, TRADING, Service
from aviary_testing.waiting import eventually
from tests.e2e.order_flow import orders_flowing
from tests.e2e.trader import CONNECTOR, PAIR, SYMBOL, Json, Trader, exact
from tests.stack import Stack

pytestmark = pytest.mark.e2e

TAKEOVER_S = 10
PRICES: Json = {"connector_name": CONNECTOR, "trading_pairs": [PAIR]}


def scale(stack: Stack, count: int) -> None:
    stack.run("up", "--scale", f"{TRADING.name}={count}", "--scale", f"{MARKET_DATA.name}={count}")


@pytest.fixture
def two_of_each(stack: Stack) -> Stack:
    scale(stack, 2)
    return stack


@pytest.fixture
async def leases(stack: Stack) -> AsyncIterator[Callable[[Trader], Awaitable[int | None]]]:
    """Tells the process that owns a trader's session."""
    port, password = Ports(base=stack.port_base).of("valkey"), stack.secrets["AVIARY_VALKEY_PASSWORD"]
    cache = Redis(port=port, password=password, decode_responses=True)

    async def owner(trader: Trader) -> int | None:
        lease = await cache.get(f"lease:session:{trader.account}:{CONNECTOR}")
        return int(str(lease).split()[0].rpartition(":")[2]) if lease else None

    yield owner
    await cache.aclose()


async def requests_served(stack: Stack, service: Service, replica: int, route: str) -> float:
    """Of one route, as the replica itself counts them."""
    url = Ports(base=stack.port_base).url(service, replica)
    async with httpx.AsyncClient() as client:
        text = (await client.get(f"{url}/metrics")).text
    counts = re.findall(
        rf'^aviary_http_request_duration_seconds_count{{.*route="{route}".*}} (\S+)$', text, re.MULTILINE
    )
    return sum(float(count) for count in counts)


@pytest.mark.parametrize(
    ("service", "path", "body"),
    [(MARKET_DATA, "/market-data/prices", PRICES), (TRADING, "/trading/orders/search", {})],
    ids=["market-data", "trading"],
)
async def test_both_replicas_serve(
    two_of_each: Stack, client: httpx.AsyncClient, service: Service, path: str, body: Json
) -> None:
    before = [await requests_served(two_of_each, service, replica, path) for replica in (0, 1)]
    answers = [await client.post(path, json=body) for _ in range(10)]
    assert {answer.status_code for answer in answers} == {200}
    after = [await requests_served(two_of_each, service, replica, path) for replica in (0, 1)]
    assert sum(after) - sum(before) == 10
    assert min(now - then for now, then in zip(after, before, strict=True)) >= 1


async def test_when_the_owner_of_a_session_dies_the_other_takes_over_within_ten_seconds(
    two_of_each: Stack, trader: Trader, leases: Callable[[Trader], Awaitable[int | None]]
) -> None:
    await eventually(lambda: leases(trader))
    owner = await leases(trader)
    last = exact(await trader.client.post("/market-data/prices", json=PRICES))["prices"][PAIR]
    near, beyond = (str((last * Decimal(share)).quantize(Decimal(1))) for share in ("0.99", "0.98"))
    assert (await trader.place(client_order_id="before-the-death", price=near)).status_code == 201
    name = next(each.name for each in two_of_each.report().processes if each.pid == owner)

    async def taken_over() -> bool:
        return await leases(trader) not in {None, owner}

    with two_of_each.held_down(name):
        await eventually(taken_over, within_s=TAKEOVER_S)
        assert (await trader.place(client_order_id="after-the-death", price=near)).status_code == 201
        await trader.venue.post("/sandbox/price", json={"symbol": SYMBOL, "price": beyond})
        await eventually(lambda: trader.is_filled("before-the-death"))
        await eventually(lambda: trader.is_filled("after-the-death"))
    await trader.venue.post("/sandbox/price", json={"symbol": SYMBOL, "price": str(last)})
    assert await trader.disagreements() == []


async def test_fewer_replicas_under_load_fail_no_request(two_of_each: Stack, trader: Trader) -> None:
    wanted = [
        ("GET", f"/connectors/{CONNECTOR}/order-types", None),
        ("POST", "/market-data/prices", PRICES),
        ("POST", "/trading/orders/search", {"account_names": [trader.account], "limit": 5}),
    ]
    async with orders_flowing(trader) as flow, requests_flowing(trader.client, wanted) as answers:
        await eventually(lambda: len(answers) > 100)
        await asyncio.to_thread(scale, two_of_each, 1)
        seen = len(answers)
        await eventually(lambda: len(answers) > seen + 100)
    assert {each for each in answers if each != 200} == set()
    assert not flow.refused
    assert not flow.unanswered
    await eventually(trader.agrees)
    assert [each.name for each in two_of_each.report().processes if each.replica] == []


@asynccontextmanager
async def requests_flowing(
    client: httpx.AsyncClient, wanted: Sequence[tuple[str, str, Json | None]], streams: int = 3
) -> AsyncIterator[list[int | str]]:
    """What was answered, as statuses, or how the connection failed."""
    answers: list[int | str] = []
    stop = asyncio.Event()

    async def repeat() -> None:
        for method, path, body in itertools.cycle(wanted):
            if stop.is_set():
                return
            try:
                answer = await client.request(method, path, json=body)
                answers.append(answer.status_code if answer.is_success else f"{answer.status_code} {answer.text[:200]}")
            except httpx.TransportError as error:
                answers.append(repr(error))

    running = [asyncio.create_task(repeat()) for _ in range(streams)]
    try:
        yield answers
    finally:
        stop.set()
        await asyncio.gather(*running)
