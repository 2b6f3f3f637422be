"""Random walks with the troubles of real prices."""

import numpy as np

from aviary_strategies.candles import Candles, Column


def walk(size: int, seed: int = 1, start: float = 60_000.0) -> Column:
    moves = np.random.default_rng(seed).normal(0.0, 5e-4, size)
    return np.asarray(start * np.exp(np.cumsum(moves)), np.float64)


def candles(size: int, interval_s: int = 60, seed: int = 1) -> Candles:
    """Closes of a walk, opened at the close before, with wicks; the first opens on a whole day."""
    close = walk(size, seed)
    open_ = np.concatenate([close[:1], close[:-1]])
    wick = np.abs(np.random.default_rng(seed + 1).normal(0.0, 3e-4, (2, size)))
    return Candles(
        interval_s=interval_s,
        ts=1_767_225_600.0 + interval_s * np.arange(size, dtype=np.float64),
        open=open_,
        high=np.maximum(open_, close) * (1 + wick[0]),
        low=np.minimum(open_, close) * (1 - wick[1]),
        close=close,
        volume=np.random.default_rng(seed + 2).uniform(1.0, 9.0, size),
    )
