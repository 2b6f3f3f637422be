"""Whether features know the future: those of the first candles must not change when more candles follow."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

import numpy as np

from aviary_strategies.candles import Candles, Column
from aviary_strategies.types import Feed

SHARES: Final = (0.35, 0.6, 0.85)
"""Of the candles, where they are cut."""
TOLERANCE: Final = 1e-9

Features = Callable[[Mapping[Feed, Candles]], Mapping[str, Column]]


def foresight(features: Features, candles: Mapping[Feed, Candles]) -> str | None:
    """A sentence that says which feature knows the future, and where; None when none was caught at it."""
    first = next(iter(candles.values()), None)
    if first is None or len(first) < 2:
        return None
    whole = features(candles)
    for share in SHARES:
        count = max(1, int(len(first) * share))
        told = _compared(whole, features(_until(candles, float(first.ts[count - 1]) + first.interval_s)), first, count)
        if told is not None:
            return told
    return None


def _compared(whole: Mapping[str, Column], part: Mapping[str, Column], first: Candles, count: int) -> str | None:
    for name, column in whole.items():
        known = part.get(name)
        if known is None or len(known) != count:
            return f"Look-ahead: without the later candles the feature {name!r} is not there for every candle."
        same = np.isclose(column[:count], known, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
        if not same.all():
            at = datetime.fromtimestamp(float(first.ts[int(np.argmin(same))]), UTC)
            return (
                f"Look-ahead: the feature {name!r} of {at:%Y-%m-%d %H:%M} UTC is another one while the candles after "
                f"{datetime.fromtimestamp(float(first.ts[count - 1]), UTC):%Y-%m-%d %H:%M} are not known. "
                "This result could not have been traded."
            )
    return None


def _until(candles: Mapping[Feed, Candles], end_s: float) -> dict[Feed, Candles]:
    """The candles closed by then."""
    return {
        feed: each.rows(0, int(np.searchsorted(each.ts, end_s - each.interval_s, side="right")))
        for feed, each in candles.items()
    }
