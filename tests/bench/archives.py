"""A bot that traded a million times: ``python -m tests.bench.archives`` reads its archive on a stack of its own."""

import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any, Final

import httpx
from rich.console import Console

from aviary_local.topology import ORCHESTRATION
from tests.bench.measure import Figure, Step, table_of
from tests.stack import Stack, running_stack

FILLS: Final = 1_000_000
LIMIT: Final = 100
REPEATED: Final = 5
BOT: Final = "bench-bot"
LISTED: Final = f"bots/archived/{BOT}/data/{BOT}.sqlite"

TABLE: Final = """
    PRAGMA journal_mode=OFF;
    PRAGMA synchronous=OFF;
    CREATE TABLE TradeFill (
        config_file_path TEXT NOT NULL, strategy TEXT NOT NULL, market TEXT NOT NULL, symbol TEXT NOT NULL,
        base_asset TEXT NOT NULL, quote_asset TEXT NOT NULL, timestamp BIGINT NOT NULL, order_id TEXT NOT NULL,
        trade_type TEXT NOT NULL, order_type TEXT NOT NULL, price BIGINT NOT NULL, amount BIGINT NOT NULL,
        leverage INTEGER NOT NULL, trade_fee JSON NOT NULL, trade_fee_in_quote BIGINT, exchange_trade_id TEXT NOT NULL,
        position TEXT, PRIMARY KEY (market, order_id, exchange_trade_id)
    );
    CREATE INDEX by_config ON TradeFill (config_file_path, timestamp);
    CREATE INDEX by_pair ON TradeFill (market, symbol, timestamp);
"""
ROWS: Final = """
    INSERT INTO TradeFill
    WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ? - 1)
    SELECT 'conf_v2_with_controllers.yml', 'v2_with_controllers', 'binance', iif(n % 2, 'BTC-USDT', 'ETH-USDT'),
        iif(n % 2, 'BTC', 'ETH'), 'USDT', 1700000000000 + n * 1000, printf('HBOT-%032d', n), iif(n % 3, 'BUY', 'SELL'),
        'LIMIT', 60000000000 + n % 997 * 1000000, 1000 + n % 89, 1,
        '{"fee_type": "AddedToCost", "percent": "0.001", "flat_fees": [{"token": "BNB", "amount": "0.00012"}]}',
        60 + n % 7, n, 'NIL'
    FROM numbers
"""


def million_fills(stack: Stack) -> list[Figure]:
    """Answers of the service itself, the median of a few; the first one has read the file from the disk."""
    _write(stack.data / "bots" / "archived" / BOT / "data" / f"{BOT}.sqlite")
    before = _memory(stack)
    url = f"{stack.straight(ORCHESTRATION)}/archived-bots/{LISTED}"
    with httpx.Client(base_url=url, auth=stack.login, timeout=60) as client:
        summary_s = _seconds(client, "summary")
        first_s = _seconds(client, "trades", limit=LIMIT)
        last_s = _seconds(client, "trades", limit=LIMIT, offset=FILLS - LIMIT)
        performance_s = _seconds(client, "performance")
    return [
        Figure(f"summary of {FILLS:,} fills", summary_s, "s", "< 2"),
        Figure("  first page of trades", first_s * 1000, "ms"),
        Figure("  last page of trades", last_s * 1000, "ms"),
        Figure("  performance over all of them", performance_s, "s"),
        Figure("  memory of the service before", before, "MB"),
        Figure("  and afterwards", _memory(stack), "MB", "< 200"),
    ]


def _write(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(TABLE)
        with connection:
            connection.execute(ROWS, [FILLS])


def _seconds(client: httpx.Client, what: str, **params: Any) -> float:
    times = []
    for _ in range(REPEATED):
        started = time.perf_counter()
        client.get(f"/{what}", params=params).raise_for_status()
        times.append(time.perf_counter() - started)
    return median(times)


def _memory(stack: Stack) -> float:
    """Proportional set size in MB."""
    part = next(part for part in stack.status()["processes"] if part["name"] == ORCHESTRATION.name)
    return float(part["memory_bytes"]) / 2**20


STEPS: Final[tuple[Step, ...]] = (("a bot with a million fills", million_fills),)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="aviary-bench-") as folder, running_stack(Path(folder)) as stack:
        for description, measure in STEPS:
            Console().print(description, table_of(measure(stack)))


if __name__ == "__main__":
    main()
