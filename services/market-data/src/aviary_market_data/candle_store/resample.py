"""Longer candles from those of a minute."""

from typing import TYPE_CHECKING, Final

from aviary_market_data.candle_store.frames import COLUMNS, SUMS
from aviary_market_data.candle_store.grid import Grid

if TYPE_CHECKING:
    import polars as pl

DIGITS: Final = 14
"""Of a sum: as many as survive adding up a month of minutes in floats."""


def resampled(minutes: "pl.DataFrame", grid: Grid) -> "pl.DataFrame":
    """Whoever has at least one minute has a candle; a sum of which a part is unknown is unknown."""
    import polars as pl

    bucket = _bucket(grid).alias("bucket")
    sums = (
        pl.when(pl.col(name).null_count() == 0).then(
            pl.col(name).sum() if name == "trades" else pl.col(name).sum().round_sig_figs(DIGITS)
        )
        for name in SUMS
    )
    return (
        minutes.lazy()
        .with_columns(bucket)
        .group_by("bucket", maintain_order=True)
        .agg(
            pl.col("open").first(),
            pl.col("high").max(),
            pl.col("low").min(),
            pl.col("close").last(),
            *(value.alias(name) for name, value in zip(SUMS, sums, strict=True)),
        )
        .rename({"bucket": "open_time"})
        .select(COLUMNS)
        .collect()
    )


def _bucket(grid: Grid) -> "pl.Expr":
    import polars as pl

    opened = pl.col("open_time")
    if grid.months:
        return pl.from_epoch(opened, time_unit="s").dt.truncate(f"{grid.months}mo").dt.epoch("s")
    return (opened - grid.offset_s) // grid.length_s * grid.length_s + grid.offset_s
