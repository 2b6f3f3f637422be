"""Candles and features as pandas has them."""

import importlib
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import numpy as np

from aviary_strategies.candles import Candles, Column

CANDLE_COLUMNS: Final = (
    "timestamp", "open", "high", "low", "close", "volume", "quote_asset_volume", "n_trades", "taker_buy_base_volume",
    "taker_buy_quote_volume",
)  # fmt: skip
"""Those after the volume are not stored: 0."""


@cache
def pandas() -> Any:
    return importlib.import_module("pandas")


def frame_of(candles: Candles) -> Any:
    """Its own copy: controllers write columns into it."""
    columns = {name: column.copy() for name, column in zip(CANDLE_COLUMNS, candles.columns, strict=False)}
    nothing = {name: np.zeros(len(candles)) for name in CANDLE_COLUMNS[len(columns) :]}
    return pandas().DataFrame({**columns, **nothing})


def is_frame(value: object) -> bool:
    return isinstance(value, pandas().DataFrame)


def numbers_of(frame: Any) -> Mapping[str, Column]:
    """The columns that are numbers, by name, without those of the candles."""
    found = {}
    for name in frame.columns:
        if str(name) not in CANDLE_COLUMNS and frame[name].dtype.kind in "biuf":
            found[str(name)] = np.ascontiguousarray(frame[name].to_numpy(dtype=np.float64, na_value=np.nan))
    return found
