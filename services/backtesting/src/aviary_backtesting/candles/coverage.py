"""Whether there are enough candles."""

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

from aviary_backtesting.engine.port import CandleRange
from aviary_backtesting.runs.spec import RunSpec
from aviary_common.errors import BadRequest

if TYPE_CHECKING:
    from aviary_strategies.candles import Candles

HOLES_TOLD: Final = 5


class Window(NamedTuple):
    """The openings that could be there: from ``first_s``, ``expected`` of them."""

    first_s: float
    expected: int


def window(wanted: CandleRange, spec: RunSpec, interval_s: int, now_s: float) -> Window:
    """Without what comes before the start only to warm up, and without what has not closed yet."""
    start_s = max(wanted.start_s, spec.start_s)
    last_s = min(wanted.end_s, spec.end_s, now_s - interval_s)
    first = math.ceil(start_s / interval_s)
    return Window(first * interval_s, max(0, math.floor(last_s / interval_s) - first + 1))


def refuse_sparse(wanted: CandleRange, candles: "Candles", spec: RunSpec, now_s: float) -> None:
    """Raise ``BadRequest`` that names the holes when fewer than ``min_coverage`` are there."""
    span = window(wanted, spec, candles.interval_s, now_s)
    end_s = span.first_s + (span.expected - 1) * candles.interval_s
    there = candles.between(span.first_s, end_s)
    if span.expected and len(there) >= spec.min_coverage * span.expected:
        return
    share = len(there) / span.expected if span.expected else 0.0
    holes = [f"{_text(start)} to {_text(end)}" for start, end in holes_of(there, span)]
    more = f" and {len(holes) - HOLES_TOLD} more" if len(holes) > HOLES_TOLD else ""
    raise BadRequest(
        f"Only {share:.1%} of the candles of {wanted} are there, and {spec.min_coverage:.1%} are asked for; missing: "
        f"{', '.join(holes[:HOLES_TOLD])}{more}. A smaller min_coverage goes on all the same.",
        code="low_coverage",
    )


def holes_of(candles: "Candles", span: Window) -> list[tuple[float, float]]:
    """``[start_s, end_s)`` of what is missing."""
    import numpy as np

    step = candles.interval_s
    after = span.first_s + span.expected * step
    edges = np.concatenate(([span.first_s - step], candles.ts, [after]))
    before = np.flatnonzero(np.diff(edges) > step)
    return [(float(edges[place]) + step, float(edges[place + 1])) for place in before]


def refuse_none(wanted: CandleRange, stored: list[tuple[str, str]]) -> NoReturn:
    there = "; ".join(f"{start} to {end}" for start, end in stored[:HOLES_TOLD])
    known = f"stored are {there}" if there else "none are stored"
    raise BadRequest(
        f"There are no candles of {wanted} between {_text(wanted.start_s)} and {_text(wanted.end_s)}; {known}.",
        code="no_candles",
    )


def _text(at_s: float) -> str:
    return datetime.fromtimestamp(at_s, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
