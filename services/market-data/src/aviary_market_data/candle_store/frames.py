"""Candles as columns. polars is imported where it is used: it is 30 MB that a replica without stored candles spares."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from aviary_exchange.types import Candle
from aviary_market_data.candle_store.spans import Span

if TYPE_CHECKING:
    import polars as pl

INTEGERS: Final = ("open_time", "trades")
PRICES: Final = ("open", "high", "low", "close")
SUMS: Final = ("volume", "quote_volume", "trades", "taker_buy_base", "taker_buy_quote")
REQUIRED: Final = ("open_time", *PRICES, "volume")
COLUMNS: Final = ("open_time", *PRICES, *SUMS)


def schema() -> "pl.Schema":
    import polars as pl

    return pl.Schema({name: pl.Int64() if name in INTEGERS else pl.Float64() for name in COLUMNS})


def frame_of(candles: Iterable[Candle]) -> "pl.DataFrame":
    """Sorted, the last of equal open times."""
    import polars as pl

    rows = [
        (
            candle.open_time_s,
            *(
                None if value is None else float(value)
                for value in (candle.open, candle.high, candle.low, candle.close, candle.volume, candle.quote_volume)
            ),
            candle.trades,
            None if candle.taker_buy_base is None else float(candle.taker_buy_base),
            None if candle.taker_buy_quote is None else float(candle.taker_buy_quote),
        )
        for candle in candles
    ]
    return tidy(pl.DataFrame(rows, schema=schema(), orient="row"))


def empty() -> "pl.DataFrame":
    import polars as pl

    return pl.DataFrame(schema=schema())


def tidy(frame: "pl.DataFrame") -> "pl.DataFrame":
    return frame.unique(subset="open_time", keep="last", maintain_order=True).sort("open_time")


def joined(frames: Sequence["pl.DataFrame"]) -> "pl.DataFrame":
    """Of frames that follow each other."""
    import polars as pl

    return pl.concat(frames, rechunk=True) if frames else empty()


def merged(older: "pl.DataFrame", newer: "pl.DataFrame") -> "pl.DataFrame":
    """The newer candle wins."""
    import polars as pl

    return tidy(pl.concat([older, newer]))


def cut(frame: "pl.DataFrame", span: Span) -> "pl.DataFrame":
    """The candles that open within the span, of a sorted frame."""
    opens = frame["open_time"]
    first = int(opens.search_sorted(span.start_s, side="left"))
    return frame.slice(first, max(0, int(opens.search_sorted(span.end_s, side="left")) - first))


def opens_of(frame: "pl.DataFrame") -> list[int]:
    return frame["open_time"].to_list()
