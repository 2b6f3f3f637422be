"""Takes files of candles."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Final, Literal

from aviary_backtesting.candles import uploads
from aviary_backtesting.candles.columns import candles_of, from_frame
from aviary_backtesting.candles.market_data import COLUMNS
from aviary_backtesting.candles.uploads import Upload, packed
from aviary_backtesting.settings import BacktestingSettings
from aviary_common.database import Database
from aviary_common.errors import BadRequest, TooLarge, Unprocessable
from aviary_common.timestamps import SECONDS_BELOW

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

Kind = Literal["csv", "parquet"]
KINDS: Final[Mapping[str, Kind]] = {"text/csv": "csv", "application/vnd.apache.parquet": "parquet"}
LEAST: Final = 2


class SentCandles:
    def __init__(self, database: Database, settings: BacktestingSettings) -> None:
        self._database = database
        self._settings = settings

    async def take(self, content_type: str, chunks: AsyncIterator[bytes], interval: str | None) -> Upload:
        """The same candles sent twice are kept once."""
        kind = KINDS.get(content_type.partition(";")[0].strip().lower())
        if kind is None:
            raise BadRequest(f"Send the file with content type {' or '.join(KINDS)}.", code="bad_content_type")
        content = await self._received(chunks)
        columns = await asyncio.to_thread(_read, content, kind, self._settings.backtest_upload_rows)
        step = await asyncio.to_thread(_step, columns, interval)
        digest = await asyncio.to_thread(lambda: candles_of(columns, step).digest)
        upload = Upload(digest, step, columns.shape[1], float(columns[0, 0]), float(columns[0, -1]))
        kept = await asyncio.to_thread(packed, columns)
        async with self._database.transaction() as connection:
            await uploads.add(connection, upload, kept)
            await uploads.forget_oldest(connection, self._settings.backtest_keep_uploads_bytes)
        return upload

    async def _received(self, chunks: AsyncIterator[bytes]) -> bytes:
        most = self._settings.backtest_upload_bytes
        received = bytearray()
        async for chunk in chunks:
            received += chunk
            if len(received) > most:
                raise TooLarge(f"The file is larger than {most:,} bytes.")
        return bytes(received)


def _read(content: bytes, kind: Kind, most: int) -> "NDArray[np.float64]":
    """Raises ``Unprocessable`` that names the first bad row."""
    import polars as pl

    try:
        read = pl.read_csv if kind == "csv" else pl.read_parquet
        frame = read(BytesIO(content))
    except pl.exceptions.PolarsError as error:
        raise Unprocessable(f"The file is not {kind} that can be read.", code="bad_file") from error
    if frame.height > most:
        raise TooLarge(f"The file has {frame.height:,} candles; send at most {most:,}.")
    frame = _named(frame).select(pl.col(COLUMNS).cast(pl.Float64, strict=False)).sort("open_time")
    if frame.height < LEAST:
        raise Unprocessable(f"The file has {frame.height} candles.", code="bad_file")
    opened = pl.col("open_time")
    frame = frame.with_columns(pl.when(opened < SECONDS_BELOW).then(opened).otherwise(opened / 1000))
    _refuse_bad(frame)
    return from_frame(frame)


def _named(frame: "pl.DataFrame") -> "pl.DataFrame":
    names = {name: name.strip().lower() for name in frame.columns}
    renamed = frame.rename({name: "open_time" if low in ("timestamp", "time") else low for name, low in names.items()})
    missing = [name for name in COLUMNS if name not in renamed.columns]
    if missing:
        raise Unprocessable(f"The file lacks {', '.join(missing)}.", code="bad_file")
    return renamed


def _refuse_bad(frame: "pl.DataFrame") -> None:
    import polars as pl

    low, high = pl.min_horizontal("open", "close"), pl.max_horizontal("open", "close")
    problems = {
        "has something that is no number": ~pl.all_horizontal(pl.col(COLUMNS).is_finite().fill_null(False)),
        "opens between two seconds": pl.col("open_time").mod(1) != 0,
        "has a price that is not positive": pl.min_horizontal("open", "high", "low", "close") <= 0,
        "has a low or high that its open or close is beyond": (pl.col("low") > low) | (pl.col("high") < high),
        "has a negative volume": pl.col("volume") < 0,
        "opens when the one before it does": pl.col("open_time").diff() == 0,
    }
    for problem, expression in problems.items():
        bad = frame.select(expression.fill_null(False)).to_series()
        if bad.any():
            place = bad.arg_max() or 0
            raise Unprocessable(f"The candle of {frame['open_time'][place]} {problem}.", code="bad_candle")


def _step(columns: "NDArray[np.float64]", interval: str | None) -> int:
    import numpy as np

    from aviary_strategies.intervals import seconds_of

    steps = np.diff(columns[0])
    step = seconds_of(interval) if interval else int(steps.min())
    off = np.flatnonzero(columns[0] % step)
    if len(off):
        raise Unprocessable(
            f"The candle of {columns[0, off[0]]:.0f} does not open on a multiple of {step} s.", code="bad_candle"
        )
    return step
