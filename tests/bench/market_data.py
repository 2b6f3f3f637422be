"""Market data under load: ``python -m tests.bench.market_data`` measures it on a stack of its own."""

import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import httpx
import psutil
from rich.console import Console

from aviary_exchange.types import StreamKind
from aviary_local import secrets
from aviary_local.topology import MARKET_DATA, VALKEY
from aviary_local.valkey import Valkey
from aviary_market_data.feeds.key import FeedKey
from tests.bench.book_reader import changes
from tests.bench.candle_year import candle_year
from tests.bench.load import closed_loop, open_loop, percentile
from tests.bench.measure import NO_LIMITS, Figure, Step, cpu_s, table_of
from tests.bench.subscribers import Crowd, told_to
from tests.stack import Stack, running_stack

CONNECTIONS: Final = 32
CLOSED_S: Final = 6.0
RATE: Final = 500
OPEN_S: Final = 6.0
FEEDS: Final = 50
PAIRS: Final = tuple(f"T{number:02}-USDT" for number in range(1, FEEDS + 1))
LIVE_WITHIN_S: Final = 50.0
LISTEN_S: Final = 20.0
SUBSCRIBERS: Final = 1_000
TOLD_S: Final = 20.0
COMPRESSED_S: Final = 10.0
ORDER_BOOK: Final = {"connector_name": "sandbox", "trading_pair": "BTC-USDT", "depth": 10}
PRICES: Final = {"connector_name": "sandbox", "trading_pairs": ["BTC-USDT", "ETH-USDT"]}


async def requests(stack: Stack) -> list[Figure]:
    """What the service itself answers of what it knows, once a book's feed is live."""
    await _lift_limits(stack)
    async with _client(stack) as client:
        await _books_live(client, ["BTC-USDT"])
    return [
        *await _rates(stack, "order book, depth 10", "/market-data/order-book", ORDER_BOOK),
        *await _rates(stack, "prices", "/market-data/prices", PRICES),
    ]


async def _rates(stack: Stack, name: str, path: str, question: dict[str, Any]) -> list[Figure]:
    body = json.dumps(question).encode()
    service = psutil.Process(_pid(stack))
    await closed_loop(_url(stack), stack.login, path, body, connections=CONNECTIONS, seconds=1.0)
    before = cpu_s(service)
    rate, answered = await closed_loop(_url(stack), stack.login, path, body, connections=CONNECTIONS, seconds=CLOSED_S)
    cpu_us = (cpu_s(service) - before) / len(answered) * 1e6
    latencies = await open_loop(
        _url(stack), stack.login, path, body, connections=CONNECTIONS, rate=RATE, seconds=OPEN_S
    )
    return [
        Figure(f"{name} at the service itself", rate, "requests/s", ">= 3,000"),
        Figure("  CPU of the service a request", cpu_us, "µs"),
        Figure(f"  p50 at a steady {RATE}/s", percentile(latencies, 0.5), "ms"),
        Figure(f"  p99 at a steady {RATE}/s", percentile(latencies, 0.99), "ms", "< 10"),
    ]


async def fifty_books(stack: Stack) -> list[Figure]:
    """The same stack with fifty more pairs at its venue, all of them followed."""
    stack.run("down")
    stack.run("up", "--detach", settings={"AVIARY_SANDBOX_EXTRA_PAIRS": str(FEEDS)})
    await _lift_limits(stack)
    async with _client(stack) as client:
        live_s = await _books_live(client, PAIRS)
    return [Figure(f"{FEEDS} order books live", live_s, "s")]


async def updates(stack: Stack) -> list[Figure]:
    """From the venue's event to a reader beside the service that reads the book as every replica does."""
    heard = await changes(_valkey_url(stack), PAIRS, LISTEN_S)
    return [
        Figure(f"changes of {FEEDS} books heard by a reader", len(heard) / LISTEN_S, "changes/s", "about 100"),
        *_lags("  from the venue's event to the reader", [change.to_reader_ms for change in heard], "< 20"),
        *_lags("    of which to the feed's owner", [change.to_owner_ms for change in heard]),
    ]


def _lags(name: str, lags: list[float], target: str = "") -> list[Figure]:
    return [
        Figure(f"{name}, p50", percentile(lags, 0.5), "ms"),
        Figure(f"{name}, p99", percentile(lags, 0.99), "ms", target),
    ]


async def fifty_candle_feeds(stack: Stack) -> list[Figure]:
    """In addition to the books."""
    async with _client(stack) as client:
        live_s = await _candles_live(client)
    return [
        Figure(f"{FEEDS} candle feeds live", live_s, "s"),
        Figure(f"market-data replica with {FEEDS} books and {FEEDS} candle feeds", _memory(stack), "MB", "< 250"),
    ]


async def subscribers(stack: Stack) -> list[Figure]:
    """Of one book from one replica: first without compression, then with it, which browsers ask for."""
    async with _client(stack) as client:
        await _books_live(client, ["BTC-USDT"])
    plain = await told_to(_crowd(stack, TOLD_S, None))
    deflated = await told_to(_crowd(stack, COMPRESSED_S, "deflate"))
    return [
        Figure(f"{SUBSCRIBERS:,} WebSocket subscribers of one book", plain.messages_per_s, "messages/s"),
        Figure("  length of a message", plain.characters, "characters"),
        Figure("  CPU of the service", plain.cpu_percent, "% of a core", "< 100"),
        Figure("  the same when they ask for compression", deflated.cpu_percent, "% of a core"),
    ]


def year(stack: Stack) -> list[Figure]:
    read = candle_year(stack.port_base + MARKET_DATA.port, stack.login)
    return [*read, Figure("  memory of the replica afterwards", _memory(stack), "MB")]


def _crowd(stack: Stack, seconds: float, compression: str | None) -> Crowd:
    url = f"ws://127.0.0.1:{stack.port_base + MARKET_DATA.port}/ws/market-data"
    return Crowd(url, stack.login, SUBSCRIBERS, seconds, _pid(stack), compression)


async def _books_live(client: httpx.AsyncClient, pairs: Sequence[str]) -> float:
    questions = [{"connector_name": "sandbox", "trading_pair": pair} for pair in pairs]
    keys = [FeedKey(StreamKind.BOOK, "sandbox", pair) for pair in pairs]
    started = time.perf_counter()
    await asyncio.gather(*(_ask(client, "/market-data/order-book", question) for question in questions))
    return await _until_live(client, keys, started)


async def _candles_live(client: httpx.AsyncClient) -> float:
    question = {"connector_name": "sandbox", "trading_pairs": PAIRS, "interval": "1m"}
    keys = [FeedKey(StreamKind.CANDLES, "sandbox", pair, "1m") for pair in PAIRS]
    started = time.perf_counter()
    await _ask(client, "/market-data/candles", question)
    return await _until_live(client, keys, started)


async def _ask(client: httpx.AsyncClient, path: str, question: dict[str, Any]) -> None:
    (await client.post(path, json=question)).raise_for_status()


async def _until_live(client: httpx.AsyncClient, keys: Sequence[FeedKey], started: float) -> float:
    """Seconds until the last of them has told something; the service notes once a second how they fare.

    It may have no time for the question while it fetches what the feeds begin with.
    """
    while True:
        answer = await client.get("/market-data/active-feeds")
        feeds = answer.json() if answer.status_code == 200 else {}
        missing = [key.name for key in keys if feeds.get(key.name, {}).get("age_s") is None]
        took = time.perf_counter() - started
        if not missing:
            return took
        if took > LIVE_WITHIN_S:
            raise RuntimeError(f"not live after {took:.0f} s: {', '.join(missing)}")
        await asyncio.sleep(0.2)


def _url(stack: Stack) -> str:
    return stack.straight(MARKET_DATA)


def _pid(stack: Stack) -> int:
    pid = stack.part(MARKET_DATA.name).pid
    if pid is None:
        raise RuntimeError("market-data does not run")
    return pid


def _memory(stack: Stack) -> float:
    """Proportional set size in MB."""
    part = next(part for part in stack.status()["processes"] if part["name"] == MARKET_DATA.name)
    return float(part["memory_bytes"]) / 2**20


def _client(stack: Stack) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=_url(stack), auth=stack.login, timeout=30)


async def _lift_limits(stack: Stack) -> None:
    async with httpx.AsyncClient(timeout=30) as client:
        (await client.post(f"{stack.sandbox_url}/sandbox/limits", json=NO_LIMITS)).raise_for_status()


def _valkey_url(stack: Stack) -> str:
    made = secrets.load(stack.data / "secrets.env", {})
    return Valkey(stack.data / "valkey", stack.port_base + VALKEY.ports["valkey"], made).url


STEPS: Final[tuple[Step, ...]] = (
    ("order books and prices at the service", lambda stack: asyncio.run(requests(stack))),
    ("fifty order books", lambda stack: asyncio.run(fifty_books(stack))),
    ("changes of fifty order books", lambda stack: asyncio.run(updates(stack))),
    ("fifty candle feeds", lambda stack: asyncio.run(fifty_candle_feeds(stack))),
    ("a thousand WebSocket subscribers", lambda stack: asyncio.run(subscribers(stack))),
    ("a year of candles", year),
)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="aviary-bench-") as folder, running_stack(Path(folder)) as stack:
        for description, measure in STEPS:
            Console().print(description, table_of(measure(stack)))


if __name__ == "__main__":
    main()
