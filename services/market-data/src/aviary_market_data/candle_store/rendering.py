"""Candles as JSON, CSV, parquet and Arrow."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

from aviary_market_data.candle_store.frames import joined

if TYPE_CHECKING:
    import polars as pl

Format = Literal["csv", "parquet"]
Column = Literal[
    "open_time",
    "open",
    "high",
    "low",
    "close",
    "volume",
    "quote_volume",
    "trades",
    "taker_buy_base",
    "taker_buy_quote",
]
COLUMNS: Final[Sequence[Column]] = get_args(Column)

JSON_NAMES: Final = {
    "open_time": "timestamp",
    "open": "open",
    "high": "high",
    "low": "low",
    "close": "close",
    "volume": "volume",
    "quote_volume": "quote_asset_volume",
    "trades": "n_trades",
    "taker_buy_base": "taker_buy_base_volume",
    "taker_buy_quote": "taker_buy_quote_volume",
}


def json_of(frames: Sequence["pl.DataFrame"]) -> bytes:
    """A list of objects; times are numbers with a point, as they have always been here."""
    import polars as pl

    renamed = joined(frames).select(pl.col(name).alias(shown) for name, shown in JSON_NAMES.items())
    return renamed.with_columns(pl.col("timestamp").cast(pl.Float64)).write_json().encode()


def arrow_of(frame: "pl.DataFrame") -> bytes:
    """An Arrow IPC stream."""
    buffer = BytesIO()
    frame.write_ipc_stream(buffer, compression="uncompressed")
    return buffer.getvalue()


def write(frame: "pl.DataFrame", path: Path, kind: Format) -> None:
    if kind == "csv":
        frame.write_csv(path)
    else:
        frame.write_parquet(path, compression="zstd")
