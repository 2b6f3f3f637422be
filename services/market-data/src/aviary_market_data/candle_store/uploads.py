"""A file that somebody sends, read into candles; the first bad line is named."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aviary_common.errors import Unprocessable
from aviary_common.timestamps import SECONDS_BELOW
from aviary_market_data.candle_store.frames import COLUMNS, PRICES, REQUIRED, SUMS, schema
from aviary_market_data.candle_store.grid import Grid
from aviary_market_data.candle_store.rendering import Format

if TYPE_CHECKING:
    import polars as pl

MAX_ROWS: Final = 20_000_000
OTHER_NAMES: Final = {
    "timestamp": "open_time",
    "quote_asset_volume": "quote_volume",
    "n_trades": "trades",
    "taker_buy_base_volume": "taker_buy_base",
    "taker_buy_quote_volume": "taker_buy_quote",
}


@dataclass(frozen=True)
class Upload:
    """``first_line`` is where the first row stands in the file, to name lines by."""

    frame: "pl.DataFrame"
    first_line: int


def read(path: Path, kind: Format, grid: Grid, closed_until: int) -> "tuple[pl.DataFrame, int]":
    """Sorted candles that have closed, and how many were still open. Blocks; raises ``Unprocessable``."""
    import polars as pl

    upload = _csv(path) if kind == "csv" else _parquet(path)
    frame = _typed(_named(upload.frame), upload.first_line)
    _refuse_bad(frame, grid, upload.first_line)
    closed = frame.filter(pl.col("open_time") < closed_until)
    return closed.sort("open_time"), frame.height - closed.height


def _csv(path: Path) -> Upload:
    import polars as pl

    try:
        return Upload(pl.read_csv(path, infer_schema=False), 2)
    except pl.exceptions.PolarsError as error:
        raise _bad_csv(path) from error


def _bad_csv(path: Path) -> Unprocessable:
    """What polars says names no line."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            width = len(next(rows, []))
            for row in rows:
                if len(row) > width:
                    return _bad(rows.line_num, f"has {len(row)} fields instead of {width}")
    except (UnicodeDecodeError, csv.Error):
        pass
    return Unprocessable("The file is not CSV that can be read.", code="bad_file")


def _parquet(path: Path) -> Upload:
    import polars as pl

    try:
        if pl.scan_parquet(path, glob=False).select(pl.len()).collect().item() > MAX_ROWS:
            raise Unprocessable(f"The file has more than {MAX_ROWS:,} rows.", code="bad_file")
        return Upload(pl.read_parquet(path, glob=False), 1)
    except pl.exceptions.PolarsError as error:
        raise Unprocessable("The file is not parquet that can be read.", code="bad_file") from error


def _named(frame: "pl.DataFrame") -> "pl.DataFrame":
    """With our names, all of them."""
    import polars as pl

    lowered = [name.strip().lower() for name in frame.columns]
    names = [OTHER_NAMES.get(name, name) for name in lowered]
    missing = [name for name in REQUIRED if name not in names]
    if missing or len(set(names)) < len(names):
        what = f"lacks {', '.join(missing)}" if missing else "has a column twice"
        raise Unprocessable(
            f"The file {what}; its columns may be {', '.join(COLUMNS)} ({', '.join(OTHER_NAMES)} mean the same).",
            code="bad_file",
        )
    frame.columns = names
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in COLUMNS if name not in names]
    return frame.with_columns(absent).select(COLUMNS)


def _typed(frame: "pl.DataFrame", first_line: int) -> "pl.DataFrame":
    """Numbers, whatever they were; times in seconds."""
    import polars as pl

    numbers = frame.select(pl.all().cast(pl.Float64, strict=False))
    for name in COLUMNS:
        lost = numbers[name].is_null() if name in REQUIRED else numbers[name].is_null() & frame[name].is_not_null()
        if name not in REQUIRED and frame[name].dtype == pl.String:
            lost &= frame[name] != ""
        lost |= ~numbers[name].is_finite().fill_null(True)
        _refuse_first(lost, first_line, f"has no number for {name}")
    opened = pl.col("open_time")
    times = numbers.with_columns(pl.when(opened < SECONDS_BELOW).then(opened).otherwise(opened / 1000))
    _refuse_first(times["open_time"] % 1 != 0, first_line, "opens between two seconds")
    return times.cast(schema())


def _refuse_bad(frame: "pl.DataFrame", grid: Grid, first_line: int) -> None:
    import polars as pl

    opens = frame["open_time"]
    _refuse_first((opens < 0) | (opens >= SECONDS_BELOW), first_line, "has no time that exists")
    low, high = pl.col("low"), pl.col("high")
    wrong = frame.select(
        prices=pl.any_horizontal(pl.col(name) <= 0 for name in PRICES)
        | (low > pl.min_horizontal("open", "close"))
        | (high < pl.max_horizontal("open", "close")),
        sums=pl.any_horizontal(pl.col(name).fill_null(0) < 0 for name in SUMS),
        repeated=~pl.col("open_time").is_first_distinct(),
    )
    _refuse_first(wrong["prices"], first_line, "has prices that are not positive, or not between low and high")
    _refuse_first(wrong["sums"], first_line, "has a negative volume or number of trades")
    _refuse_first(wrong["repeated"], first_line, "repeats the time of an earlier one")
    _refuse_first(_off_grid(opens, grid), first_line, f"is no time at which a candle of {grid.interval} opens")


def _off_grid(opens: "pl.Series", grid: Grid) -> "pl.Series":
    import polars as pl

    if grid.months:
        return pl.Series([grid.floor(opened) != opened for opened in opens], dtype=pl.Boolean)
    return (opens - grid.offset_s) % grid.length_s != 0


def _refuse_first(bad: "pl.Series", first_line: int, what: str) -> None:
    place = bad.arg_max() if bad.any() else None
    if place is not None:
        raise _bad(place + first_line, what)


def _bad(line: int, what: str) -> Unprocessable:
    return Unprocessable(f"Line {line} {what}.", code="bad_line")
