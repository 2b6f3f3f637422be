"""Trading under load and over a long history: ``python -m tests.bench.trading`` measures it on a stack of its own."""

import asyncio
import json
import tempfile
import time
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

import httpx
import psutil
import psycopg
from pydantic import SecretStr
from rich.console import Console

from aviary_common.database import Database
from aviary_common.pagination import Cursor
from aviary_common.settings import DatabaseSettings
from aviary_local import secrets
from aviary_local.postgres import Postgres
from aviary_local.topology import POSTGRES, TRADING
from aviary_trading.orders.lists import OrderLists
from aviary_trading.orders.schemas import OrderFilter
from tests.bench.load import Answer, Connection, percentile
from tests.bench.measure import NO_LIMITS, Figure, Step, far_price, table_of
from tests.stack import Stack, running_stack, wait_for

RATES: Final = (100, 250, 500)
SECONDS: Final = 6
CONNECTIONS: Final = 96
TRADERS: Final = 16
"""The venue lets each of them have 200 open orders of a pair."""
STORED: Final = 1_000_000
LIMIT: Final = 100
DEEP_PAGE: Final = 10_000
SESSIONS: Final = 20
LISTENING_WITHIN_S: Final = 120
REQUESTS: Final = 200
FILL_ORDERS: Final = """
    insert into trading_order (
        account_name, connector_name, client_order_id, venue_client_id, exchange_order_id, trading_pair, trade_type,
        order_type, position_action, requested_amount, requested_price, amount, price, status, filled_amount,
        filled_quote, venue_filled_amount, fee_paid, fee_currency, fee_quote, settled, version, created_at, updated_at
    )
    select
        'bench_history_' || mod(place, 5), 'sandbox', 'stored-' || place, 'stored-' || place, place::text,
        (array['BTC-USDT', 'ETH-USDT', 'SOL-USDT'])[1 + mod(place, 3)], (array['BUY', 'SELL'])[1 + mod(place, 2)],
        'LIMIT', 'OPEN', 0.001, 60000, 0.001, 60000,
        case mod(place, 10) when 0 then 'CANCELLED' else 'FILLED' end, 0.001, 60, 0.001,
        0.000001, 'BTC', 0.06, true, 2, now() - place * interval '13 seconds', now()
    from generate_series(1, %(number)s) as place
"""


async def sustained_orders(stack: Stack) -> list[Figure]:
    """Limit orders of sixteen accounts, offered to two replicas at a fixed rate whatever comes back; rising, because
    what piles up at one rate would be measured at the next. Afterwards each order is compared with the venue's books.
    """
    await asyncio.to_thread(stack.run, "up", "--scale", f"{TRADING.name}=2")
    await add_traders(stack)
    figures: list[Figure] = []
    for rate in RATES:
        answers, took = await _offer(stack, rate)
        own = [answer.ms - answer.venue_ms for answer in answers]
        figures += [
            Figure(f"orders offered at {rate}/s to two replicas: answered", len(answers) / took, "orders/s", str(rate)),
            Figure("  of which ours, p50", percentile(own, 0.5), "ms", "< 5"),
            Figure("  of which ours, p99", percentile(own, 0.99), "ms", "< 25"),
            Figure("  through the edge, p50", percentile([answer.ms for answer in answers], 0.5), "ms"),
            Figure("  lost or doubled", await _differences(stack, rate), "orders", "0"),
        ]
        await panic(stack)
    return figures


async def _offer(stack: Stack, rate: int) -> tuple[list[Answer], float]:
    connections = [await Connection(stack.url, stack.login).open() for _ in range(CONNECTIONS)]
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for connection in connections:
        free.put_nowait(connection)
    price = await far_price(connections[0])

    async def place(number: int) -> Answer:
        connection = await free.get()
        order = limit_order(f"trader_{number % TRADERS}", f"load-{rate}-{number}", price)
        answer = await connection.post("/trading/orders", order)
        free.put_nowait(connection)
        return answer

    warm = [await place(-number) for number in range(1, 3 * TRADERS)]
    if any(answer.status != 201 for answer in warm):
        raise RuntimeError(f"orders are not taken: {warm[-1].body!r}")
    tasks = []
    started = time.perf_counter()
    for number in range(rate * SECONDS):
        await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(place(number)))
    answers = await asyncio.gather(*tasks)
    took = time.perf_counter() - started
    for connection in connections:
        await connection.close()
    refused = [answer for answer in answers if answer.status not in {201, 202}]
    if refused:
        raise RuntimeError(f"{len(refused)} orders were not taken, the first with {refused[0].body!r}")
    return answers, took


async def _differences(stack: Stack, rate: int) -> int:
    """Orders of one round that are not exactly once in both books."""
    wrong = 0
    prefix = f"load-{rate}-"
    async with httpx.AsyncClient(auth=stack.login, timeout=60) as client:
        for number in range(TRADERS):
            books = (await client.get(f"{stack.sandbox_url}/sandbox/accounts/trader-{number}")).json()
            theirs = [order["clientOrderId"] for order in books["spot"]["orders"]]
            ours = [order["order_id"] for order in await _all_orders(stack, client, f"trader_{number}")]
            mine, known = [[name for name in names if name.startswith(prefix)] for names in (ours, theirs)]
            wrong += len(set(mine) ^ set(known)) + len(known) - len(set(known))
    return wrong


async def _all_orders(stack: Stack, client: httpx.AsyncClient, account_name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        wanted = {"account_names": [account_name], "limit": 1000, "cursor": cursor}
        page = (await client.post(f"{stack.url}/trading/orders/search", json=wanted)).json()
        found += page["data"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


async def panic(stack: Stack) -> None:
    names = [f"trader_{number}" for number in range(TRADERS)]
    async with httpx.AsyncClient(auth=stack.login, timeout=120) as client:
        while (await client.post(f"{stack.url}/trading/panic", json={"account_names": names})).status_code == 202:
            await asyncio.sleep(0.5)
        await client.post(f"{stack.url}/trading/panic/release", json={"account_names": names})


async def add_traders(stack: Stack, count: int = TRADERS) -> None:
    async with httpx.AsyncClient(auth=stack.login, timeout=30) as client:
        (await client.post(f"{stack.sandbox_url}/sandbox/limits", json=NO_LIMITS)).raise_for_status()
        for number in range(count):
            await client.post(f"{stack.url}/accounts/add-account", params={"account_name": f"trader_{number}"})
            keys = {"api_key": f"trader-{number}", "api_secret": f"trader-{number}-secret"}
            added = await client.post(f"{stack.url}/accounts/add-credential/trader_{number}/sandbox", json=keys)
            added.raise_for_status()
            deposit = {"api_key": f"trader-{number}", "asset": "USDT", "amount": "100000000"}
            await client.post(f"{stack.sandbox_url}/sandbox/deposit", json=deposit)


def limit_order(account_name: str, client_order_id: str, price: str) -> bytes:
    order = {
        "account_name": account_name,
        "connector_name": "sandbox",
        "trading_pair": "BTC-USDT",
        "trade_type": "BUY",
        "order_type": "LIMIT",
        "amount": "0.001",
        "price": price,
        "client_order_id": client_order_id,
    }
    return json.dumps(order).encode()


async def long_lists(stack: Stack) -> list[Figure]:
    """A million orders: pages in the database, and what a page costs the service."""
    url = _database_url(stack)
    await asyncio.to_thread(_fill, url)
    database = Database(DatabaseSettings(database_url=SecretStr(url)))
    lists = OrderLists(database)
    try:
        wanted = OrderFilter(limit=LIMIT)
        started = time.perf_counter()
        await lists.search(wanted)
        count_ms = (time.perf_counter() - started) * 1000
        newest, deep = await asyncio.to_thread(_places, url)
        first_ms = await _page_ms(lists, wanted, newest)
        deep_ms = await _page_ms(lists, wanted, deep)
    finally:
        await database.close()
    cpu_ms, wall_ms = await _search_cost(stack)
    return [
        Figure("orders/search over 1,000,000: page 1, in the database", first_ms, "ms", "< 10"),
        Figure(f"  page {DEEP_PAGE:,}", deep_ms, "ms", "< 10"),
        Figure("  first request of a list, with its count", count_ms, "ms"),
        Figure("  limit 100 at the service, CPU", cpu_ms, "ms/request", "< 1.5"),
        Figure("  limit 100 at the service, wall", wall_ms, "ms"),
    ]


def _fill(url: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("set statement_timeout = 0")
        connection.execute(FILL_ORDERS, {"number": STORED})
        connection.execute("vacuum analyze trading_order")


def _places(url: str) -> tuple[list[object], list[object]]:
    """Where page 1 and the deep page begin, as a cursor says it."""
    query = "select created_at, id from trading_order order by created_at desc, id desc offset %s limit 1"
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        rows = [connection.execute(query, [offset]).fetchone() for offset in (0, (DEEP_PAGE - 1) * LIMIT - 1)]
    return [list(row) for row in rows if row]  # type: ignore[return-value]


async def _page_ms(lists: OrderLists, wanted: OrderFilter, after: list[object]) -> float:
    at = after[0].isoformat() if isinstance(after[0], datetime) else after[0]
    cursor = Cursor(wanted.mark("search"), STORED, [at, after[1]]).encode()
    page = wanted.model_copy(update={"cursor": cursor})
    times = []
    for _ in range(50):
        started = time.perf_counter()
        await lists.search(page)
        times.append((time.perf_counter() - started) * 1000)
    return median(times)


async def _search_cost(stack: Stack) -> tuple[float, float]:
    """Pages after the first, straight at one replica: milliseconds of its CPU a request, and of wall time."""
    stack.run("up", "--scale", f"{TRADING.name}=1")
    connection = await Connection(stack.straight(TRADING), stack.login).open()
    body: dict[str, object] = {"limit": LIMIT}
    first = json.loads((await connection.post("/trading/orders/search", json.dumps(body).encode())).body)
    wanted = json.dumps(body | {"cursor": first["next_cursor"]}).encode()
    process = psutil.Process(stack.part(TRADING.name).pid)
    for _ in range(20):
        await connection.post("/trading/orders/search", wanted)
    before = process.cpu_times()
    walls = [(await connection.post("/trading/orders/search", wanted)).ms for _ in range(REQUESTS)]
    after = process.cpu_times()
    await connection.close()
    cpu_s = after.user + after.system - before.user - before.system
    return cpu_s * 1000 / REQUESTS, median(walls)


async def session_memory(stack: Stack) -> list[Figure]:
    """One replica that owns twenty sessions."""
    await asyncio.to_thread(stack.run, "up", "--scale", f"{TRADING.name}=1")
    await add_traders(stack, SESSIONS)
    await asyncio.to_thread(
        wait_for, lambda: _sockets(stack) >= SESSIONS, "not all sessions listen", LISTENING_WITHIN_S
    )
    part = next(part for part in stack.status()["processes"] if part["name"] == TRADING.name)
    return [Figure(f"trading replica with {SESSIONS} sessions", part["memory_bytes"] / 2**20, "MB", "< 200")]


def _sockets(stack: Stack) -> int:
    return sum(bool(socket["accounts"]) for socket in httpx.get(f"{stack.sandbox_url}/sandbox/sockets").json())


def _database_url(stack: Stack) -> str:
    values = secrets.load(stack.data / "secrets.env", {})
    postgres = Postgres(stack.data / "postgres", stack.port_base + POSTGRES.ports["postgres"], values)
    return postgres.url(TRADING)


STEPS: Final[tuple[Step, ...]] = (
    ("orders at up to 500/s to two trading replicas", lambda stack: asyncio.run(sustained_orders(stack))),
    ("twenty sessions in one replica", lambda stack: asyncio.run(session_memory(stack))),
    ("a million stored orders", lambda stack: asyncio.run(long_lists(stack))),
)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="aviary-bench-") as folder, running_stack(Path(folder)) as stack:
        for description, measure in STEPS:
            Console().print(description, table_of(measure(stack)))


if __name__ == "__main__":
    main()
