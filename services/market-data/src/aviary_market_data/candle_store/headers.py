"""What an answer says of itself beside the candles."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final, TypedDict

import orjson

from aviary_market_data.candle_store.spans import Gap

GAPS: Final = "X-Candle-Gaps"
DIGEST: Final = "X-Candle-Digest"
MAX_NOTES: Final = 20


class GapNote(TypedDict):
    """``start`` and ``end`` in seconds; the end does not belong to it."""

    pair: str
    interval: str
    start: int
    end: int
    reason: str


def gap_notes(trading_pair: str, interval: str, gaps: Iterable[Gap]) -> list[GapNote]:
    return [
        {
            "pair": trading_pair,
            "interval": interval,
            "start": gap.span.start_s,
            "end": gap.span.end_s,
            "reason": gap.reason,
        }
        for gap in islice(gaps, MAX_NOTES)
    ]


def told(notes: Sequence[GapNote]) -> str:
    """The value of the header: headers are short, so there are at most so many."""
    return orjson.dumps(notes[:MAX_NOTES]).decode()
