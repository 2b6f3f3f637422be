"""How bots' controllers did, over a million samples: what the newest of each and pages of the history take."""

import asyncio
import json
from statistics import median
from typing import Final

import psycopg

from aviary_local import secrets
from aviary_local.postgres import Postgres
from aviary_local.topology import ORCHESTRATION, POSTGRES
from tests.bench.load import Connection
from tests.bench.measure import Figure, Step
from tests.stack import Stack

BOTS: Final = 200
SAMPLES: Final = 1_000_000
REPEATED: Final = 5
# Every five minutes up to now, seventeen days long.
FILL: Final = """
    insert into controller_performance (at, bot_name, controller_id, status, performance, custom_info)
    select now() - place / %(bots)s * interval '5 minutes', 'sampled-' || mod(place, %(bots)s), 'pmm_simple_1',
        'running',
        format('{"realized_pnl_quote": %%1$s.25, "unrealized_pnl_quote": -0.5, "global_pnl_quote": %%1$s.75,
            "volume_traded": %%1$s, "positions_summary": [{"connector_name": "binance_perpetual", "amount": 0.125,
            "trading_pair": "BTC-USDT", "side": "TradeType.BUY", "breakeven_price": 60012.5}],
            "close_type_counts": {"CloseType.TAKE_PROFIT": 12}}', place)::jsonb,
        '{}'
    from generate_series(1, %(number)s) as place
    """
LATEST: Final = "/bot-orchestration/controller-performance-latest"
HISTORY: Final = "/bot-orchestration/controller-performance-history"
QUESTIONS: Final = (
    (f"samples, {SAMPLES:,}: the newest of each controller", f"{LATEST}?", "< 50"),
    ("  of one bot", f"{LATEST}?bot_name=sampled-7", ""),
    ("  a page of all", f"{HISTORY}?limit=100", ""),
    ("  a page at 1h", f"{HISTORY}?limit=100&interval=1h", ""),
    ("  a page at 1d", f"{HISTORY}?limit=100&interval=1d", ""),
    ("  a page of one bot at 1d", f"{HISTORY}?limit=10&interval=1d&bot_name=sampled-7", ""),
)
"""What is asked, and the target in ms."""


def million_samples(stack: Stack) -> list[Figure]:
    """Straight at the service, the median of a few."""
    with psycopg.connect(database_url(stack).replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("set statement_timeout = 0")
        connection.execute(FILL, {"number": SAMPLES, "bots": BOTS})
        connection.execute("vacuum analyze controller_performance")
    return asyncio.run(_measured(stack.straight(ORCHESTRATION), stack.login))


def database_url(stack: Stack) -> str:
    made = secrets.load(stack.data / "secrets.env", {})
    postgres = Postgres(stack.data / "postgres", stack.port_base + POSTGRES.ports["postgres"], made)
    return postgres.url(ORCHESTRATION)


async def _measured(url: str, login: tuple[str, str]) -> list[Figure]:
    connection = await Connection(url, login).open()
    figures = []
    for name, path, target in QUESTIONS:
        first, cursor = await _ms(connection, path)
        figures.append(Figure(name, first, "ms", target))
        if cursor:
            following, _ = await _ms(connection, f"{path}&cursor={cursor}")
            figures.append(Figure("    the next one", following, "ms"))
    await connection.close()
    return figures


async def _ms(connection: Connection, path: str) -> tuple[float, str | None]:
    """And the place where the next page begins, when this is one of several."""
    answers = [await connection.get(path) for _ in range(REPEATED)]
    if (failed := next((each for each in answers if each.status != 200), None)) is not None:
        raise RuntimeError(f"{failed.status}: {failed.body!r}")
    return median(answer.ms for answer in answers), json.loads(answers[-1].body).get("next_cursor")


STEPS: Final[tuple[Step, ...]] = ((f"{SAMPLES:,} samples of bots", million_samples),)
