"""Hashes of what went into a backtest and what came out of it, the same on every machine."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from weakref import WeakKeyDictionary

import numpy as np

from aviary_strategies.backtest.executors import Executors
from aviary_strategies.backtest.result import Json
from aviary_strategies.candles import Candles

_KNOWN: WeakKeyDictionary[Candles, dict[tuple[float, float], bytes]] = WeakKeyDictionary()
"""Candles do not change, and a sweep asks for the same ones again and again."""


def digest_of_candles(used: Sequence[tuple[Candles, float, float]]) -> str:
    """Of several stretches: candles, and between which open times."""
    told = hashlib.sha256()
    for candles, start_s, end_s in used:
        known = _KNOWN.setdefault(candles, {})
        part = known.get((start_s, end_s))
        if part is None:
            part = known[start_s, end_s] = _digest(candles.between(start_s, end_s))
        told.update(part)
    return told.hexdigest()[:32]


def digest_of_result(told: Mapping[str, Json], executors: Executors) -> str:
    """``told`` is what went in; floats are told by their shortest decimals, which JSON keeps."""
    whole = hashlib.sha256(json.dumps(told, sort_keys=True, allow_nan=True).encode())
    for name, column in executors.columns.items():
        if name not in ("template", "entry_price_rest"):
            whole.update(np.ascontiguousarray(column, dtype="<f8" if column.dtype.kind == "f" else "<i8").data)
    return whole.hexdigest()[:32]


def _digest(candles: Candles) -> bytes:
    told = hashlib.sha256(candles.interval_s.to_bytes(8, "little"))
    for column in candles.columns:
        told.update(np.ascontiguousarray(column, dtype="<f8").data)
    return told.digest()
