"""Columns and candles as JSON: base64 of little-endian float64."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from aviary_strategies.candles import Candles, Column
from aviary_strategies.types import Market

AllCandles = Mapping[tuple[Market, str], Candles]


def packed(column: Column) -> str:
    return b64encode(np.ascontiguousarray(column, dtype="<f8").data).decode("ascii")


def unpacked(text: str) -> Column:
    """Its own memory. A ``ValueError`` for what is none."""
    return np.frombuffer(b64decode(text, validate=True), dtype="<f8").astype(np.float64)


def packed_candles(candles: AllCandles) -> list[dict[str, Any]]:
    return [
        {
            "market": list(market),
            "interval": interval,
            "interval_s": each.interval_s,
            "columns": [packed(column) for column in each.columns],
        }
        for (market, interval), each in candles.items()
    ]


def unpacked_candles(told: Sequence[Mapping[str, Any]]) -> dict[tuple[Market, str], Candles]:
    return {
        (Market(*each["market"]), each["interval"]): Candles(
            each["interval_s"], *(unpacked(column) for column in each["columns"])
        )
        for each in told
    }
