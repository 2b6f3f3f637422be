"""Candles as columns."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Candles:
    """Closed candles, oldest first, contiguous float64 columns of equal length; ``ts`` is the open time in seconds.

    A missing candle is missing: ``ts`` jumps by more than ``interval_s``.
    """

    interval_s: int
    ts: Column
    open: Column
    high: Column
    low: Column
    close: Column
    volume: Column

    def __len__(self) -> int:
        return len(self.ts)

    @property
    def columns(self) -> tuple[Column, ...]:
        return (self.ts, self.open, self.high, self.low, self.close, self.volume)

    def rows(self, first: int, end: int) -> "Candles":
        """A view of the rows ``[first, end)``."""
        return Candles(self.interval_s, *(column[first:end] for column in self.columns))

    def between(self, start_s: float, end_s: float) -> "Candles":
        """A view of the candles that open within ``[start_s, end_s]``."""
        return self.rows(int(np.searchsorted(self.ts, start_s)), int(np.searchsorted(self.ts, end_s, side="right")))

    @property
    def digest(self) -> str:
        """32 hex digits that differ when any value does, the same on every machine."""
        told = hashlib.blake2b(digest_size=16)
        told.update(self.interval_s.to_bytes(8, "little"))
        for column in self.columns:
            told.update(np.ascontiguousarray(column, dtype="<f8").data)
        return told.hexdigest()
