"""History over 100,000 snapshots: ``python -m tests.bench.portfolio_history`` measures it on a stack of its own."""

import asyncio
import json
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any, Final

import psutil
import psycopg
from rich.console import Console
from rich.table import Table

from aviary_local import secrets
from aviary_local.postgres import Postgres
from aviary_local.topology import ACCOUNTS, POSTGRES
from tests.bench.load import Answer, Connection
from tests.bench.measure import Figure, cpu_s
from tests.stack import Stack, running_stack

SNAPSHOTS: Final = 100_000
REQUESTS: Final = 100
WARM_UP: Final = 20
# Every five minutes up to now: two accounts with two connectors each, five tokens at each connector.
FILL: Final = """
    insert into portfolio_snapshot (taken_at, scope, state, gaps)
    select date_bin('5 minutes', now(), '2000-01-01') - place * interval '5 minutes',
        array['master_account/', '/binance', '/kucoin', 'master_account/binance', 'master_account/kucoin',
              'second/', 'second/binance', 'second/kucoin'],
        format('{"master_account":{"binance":[%1$s],"kucoin":[%1$s]},"second":{"binance":[%1$s],"kucoin":[%1$s]}}',
               tokens)::json,
        '[]'
    from generate_series(1, %(number)s) as place, lateral (
        select string_agg(format(
            '{"token":"%%s","units":%%s,"price":%%s,"value":%%s,"available_units":%%s}',
            token, place + 0.12345678, 60000.5 + place, (place + 0.12345678) * (60000.5 + place), place
        ), ',') as tokens
        from unnest(array['BTC', 'ETH', 'SOL', 'BNB', 'USDT']) as token
    ) as written
    on conflict do nothing
    """.replace("%1$s", "%%1$s")
WEEK_S: Final = 7 * 24 * 3600


def questions() -> Mapping[str, dict[str, Any]]:
    return {
        "limit 100, first page": {"limit": 100},
        "limit 100, one account": {"limit": 100, "account_names": ["second"]},
        "a week at 1h": {"limit": 168, "interval": "1h", "start_time": int(time.time()) - WEEK_S},
        "limit 100 at 1h": {"limit": 100, "interval": "1h"},
        "limit 100 at 1d": {"limit": 100, "interval": "1d"},
        "limit 1000": {"limit": 1000},
    }


async def history(stack: Stack) -> list[Figure]:
    """Straight at the service, one request at a time: what a page takes, and what of it is the service's own CPU."""
    fill(stack)
    service = psutil.Process(stack.part(ACCOUNTS.name).pid)
    connection = await Connection(stack.straight(ACCOUNTS), stack.login).open()
    figures: list[Figure] = []
    for name, question in questions().items():
        figures += await _measured(connection, service, name, question)
    cursor = json.loads((await _ask(connection, {"limit": 100})).body)["next_cursor"]
    figures += await _measured(connection, service, "limit 100, next page", {"limit": 100, "cursor": cursor})
    await connection.close()
    return figures


def fill(stack: Stack) -> None:
    """The table as an old installation has it, its statistics up to date."""
    made = secrets.load(stack.data / "secrets.env", {})
    postgres = Postgres(stack.data / "postgres", stack.port_base + POSTGRES.ports["postgres"], made)
    url = postgres.url(ACCOUNTS).replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FILL, {"number": SNAPSHOTS})
        connection.execute("vacuum analyze portfolio_snapshot")


async def _measured(
    connection: Connection, service: psutil.Process, name: str, question: dict[str, Any]
) -> list[Figure]:
    for _ in range(WARM_UP):
        await _ask(connection, question)
    before = cpu_s(service)
    answers = [await _ask(connection, question) for _ in range(REQUESTS)]
    cpu_ms = (cpu_s(service) - before) / REQUESTS * 1000
    return [
        Figure(f"history {name}, p50", median(answer.ms for answer in answers), "ms"),
        Figure("  CPU of the service a request", cpu_ms, "ms"),
    ]


async def _ask(connection: Connection, question: dict[str, Any]) -> Answer:
    answer = await connection.post("/portfolio/history", json.dumps(question).encode())
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {answer.body!r}")
    return answer


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="aviary-bench-") as folder, running_stack(Path(folder)) as stack:
        figures = asyncio.run(history(stack))
    table = Table("figure", "measured")
    for figure in figures:
        table.add_row(figure.name, f"{figure.value:,.1f} {figure.unit}")
    Console().print(table)


if __name__ == "__main__":
    main()
