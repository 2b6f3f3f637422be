"""Longer candles out of shorter ones."""

import numpy as np

from aviary_strategies.candles import Candles, Column
from aviary_strategies.kernels import kernel

WEEK_S = 604_800
FIRST_MONDAY_S = 345_600
"""Weeks begin on a Monday; the epoch was a Thursday."""

_Six = tuple[Column, Column, Column, Column, Column, Column]


def resample(candles: Candles, interval_s: int) -> Candles:
    """The candles of ``interval_s`` that ``candles`` fill completely; a bucket with a hole in it is left out.

    A ``ValueError`` when ``interval_s`` is no multiple of theirs.
    """
    if interval_s % candles.interval_s:
        raise ValueError(f"{interval_s} s is no multiple of the {candles.interval_s} s of the candles")
    if interval_s == candles.interval_s:
        return candles
    origin_s = 0 if interval_s % WEEK_S else FIRST_MONDAY_S
    columns = (candles.ts, candles.open, candles.high, candles.low, candles.close, candles.volume)
    return Candles(interval_s, *_buckets(columns, origin_s, interval_s, interval_s // candles.interval_s))


@kernel
def _buckets(columns: _Six, origin_s: int, interval_s: int, parts: int) -> _Six:
    ts, open_, high, low, close, volume = columns
    room = len(ts) // parts
    starts, opens, highs = np.empty(room), np.empty(room), np.empty(room)
    lows, closes, volumes = np.empty(room), np.empty(room), np.empty(room)
    made, seen, bucket = 0, 0, -np.inf
    top = bottom = traded = first = 0.0
    for i in range(len(ts)):
        start = np.floor((ts[i] - origin_s) / interval_s) * interval_s + origin_s
        if start != bucket:
            bucket, seen = start, 0
            first, top, bottom, traded = open_[i], high[i], low[i], 0.0
        seen += 1
        top = max(top, high[i])
        bottom = min(bottom, low[i])
        traded += volume[i]
        if seen == parts:
            starts[made], opens[made], highs[made] = bucket, first, top
            lows[made], closes[made], volumes[made] = bottom, close[i], traded
            made += 1
    return starts[:made], opens[:made], highs[:made], lows[:made], closes[:made], volumes[:made]
