"""A year of one-minute candles: made up, imported as a user does, and read as another service does."""

import base64
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from io import BytesIO
from random import Random
from statistics import median
from typing import Final
from urllib.parse import urlencode

import polars as pl

from tests.bench.measure import Figure

MINUTES: Final = 365 * 24 * 60
READS: Final = 20
COLUMNS: Final = ("open_time", "open", "high", "low", "close", "volume")
"""What a backtest looks at."""
WHICH: Final = {"connector_name": "sandbox", "trading_pair": "DOGE-USDT", "interval": "1m"}


def candle_year(port: int, login: tuple[str, str]) -> list[Figure]:
    end_s = int(time.time()) // 86_400 * 86_400
    start_s = end_s - MINUTES * 60
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    token = base64.b64encode(":".join(login).encode()).decode()
    headers = {"Authorization": f"Basic {token}", "Content-Type": "application/vnd.apache.parquet"}

    def ask(method: str, path: str, body: bytes | None = None, **more: str | int | Sequence[str]) -> bytes:
        connection.request(method, f"{path}?{urlencode(WHICH | more, doseq=True)}", body, headers)
        response = connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {content!r}")
        return content

    def read() -> bytes:
        return ask("GET", "/internal/candles", start_time=start_s, end_time=end_s - 60, column=COLUMNS)

    import_ms = _ms(lambda: ask("POST", "/market-data/candles/import", _year(start_s), overwrite="true"))
    first_ms = _ms(read)
    rows = pl.read_ipc_stream(BytesIO(read())).height
    if rows != MINUTES:
        raise RuntimeError(f"{rows:,} of {MINUTES:,} candles came back")
    times = [_ms(read) for _ in range(READS)]
    connection.close()
    return [
        Figure("a year of 1m candles as Arrow from the service, median", median(times), "ms", "< 150"),
        Figure("  the first time", first_ms, "ms"),
        Figure("  its import as parquet", import_ms, "ms"),
    ]


def _year(start_s: int) -> bytes:
    """A random walk, with all columns and the digits of a real market."""
    random = Random(1)
    steps = pl.Series("step", [random.gauss(0.0, 0.0005) for _ in range(MINUTES)])
    volumes = pl.Series("volume", [round(random.expovariate(1 / 50_000)) for _ in range(MINUTES)], dtype=pl.Float64)
    close, volume = pl.col("close"), pl.col("volume")
    walk = pl.DataFrame({"close": (0.15 * steps.cum_sum().exp()).round(5), "volume": volumes}).with_columns(
        open_time=start_s + 60 * pl.int_range(MINUTES), open=close.shift(1, fill_value=0.15)
    )
    frame = walk.with_columns(
        high=(pl.max_horizontal("open", "close") * 1.0003).round(5),
        low=(pl.min_horizontal("open", "close") * 0.9997).round(5),
        quote_volume=(volume * close).round(5),
        trades=(volume / 1200).cast(pl.Int64),
        taker_buy_base=volume / 2,
        taker_buy_quote=(volume * close / 2).round(5),
    )
    buffer = BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def _ms(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
