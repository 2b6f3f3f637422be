"""Fewer candles and trades, so that a page opens at once."""

from typing import Final

import polars as pl

CANDLES: Final = 3_000
EXECUTORS: Final = 4_000


def fewer_candles(candles: pl.DataFrame, most: int = CANDLES) -> pl.DataFrame:
    """Neighbours become one candle, so that at most ``most`` are left."""
    together = -(-candles.height // most)
    if together <= 1:
        return candles
    return (
        candles.with_row_index("row")
        .group_by(pl.col("row") // together, maintain_order=True)
        .agg(
            pl.col("timestamp").first(),
            pl.col("open").first(),
            pl.col("high").max(),
            pl.col("low").min(),
            pl.col("close").last(),
        )
        .drop("row")
    )


def weightiest(executors: pl.DataFrame, most: int = EXECUTORS) -> pl.DataFrame:
    """Those that won or lost the most, in the order of time."""
    if executors.height <= most:
        return executors
    return executors.sort(pl.col("net_pnl_quote").abs(), descending=True).head(most).sort("fill_s")
