"""A range of time, split into what a search learns from and what it is judged by."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

DEFAULT_SHARE: Final = 0.3
MAX_FOLDS: Final = 50


class Segment(NamedTuple):
    start_s: float
    end_s: float


class Fold(NamedTuple):
    """Places in ``Segments.ranges``; nothing of ``test`` was known in ``train``. ``test`` is None when nothing is
    kept apart."""

    train: int
    test: int | None


@dataclass(frozen=True, slots=True)
class Segments:
    """Every config is evaluated on each of ``ranges``. The last fold is what a search goes by, and is judged by."""

    ranges: tuple[Segment, ...]
    folds: tuple[Fold, ...]

    @property
    def learned(self) -> Fold:
        return self.folds[-1]


def whole(start_s: float, end_s: float) -> Segments:
    return Segments((Segment(start_s, end_s),), (Fold(0, None),))


def holdout(start_s: float, end_s: float, step_s: float, share: float = DEFAULT_SHARE, gap_s: float = 0.0) -> Segments:
    """The last ``share`` is out of sample; ``gap_s`` is what an end lies before the next start (compat counts a candle
    that opens at the end)."""
    if not 0 < share < 1:
        raise ValueError("the share that is kept apart lies between 0 and 1")
    cut = _on_step(start_s, end_s - (end_s - start_s) * share, step_s)
    return Segments(_between((start_s, cut, end_s), step_s, gap_s), (Fold(0, 1),))


def walk_forward(
    start_s: float, end_s: float, step_s: float, folds: int, *, anchored: bool = True, gap_s: float = 0.0
) -> Segments:
    """``folds`` + 1 stretches of equal length: each but the first is the test of what was learned from the one before
    it, or, when ``anchored``, from all before it."""
    if not 1 <= folds <= MAX_FOLDS:
        raise ValueError(f"there are 1 to {MAX_FOLDS} folds")
    length = (end_s - start_s) / (folds + 1)
    cuts = [start_s, *(_on_step(start_s, start_s + length * place, step_s) for place in range(1, folds + 1)), end_s]
    stretches = _between(cuts, step_s, gap_s)
    if not anchored:
        return Segments(stretches, tuple(Fold(place, place + 1) for place in range(folds)))
    learned = tuple(Segment(start_s, stretch.end_s) for stretch in stretches[1:-1])
    trains = (0, *range(folds + 1, 2 * folds))
    return Segments(stretches + learned, tuple(Fold(train, place + 1) for place, train in enumerate(trains)))


def _on_step(start_s: float, cut_s: float, step_s: float) -> float:
    """At or before ``cut_s``, whole steps after the start."""
    return start_s + (cut_s - start_s) // step_s * step_s


def _between(cuts: Sequence[float], step_s: float, gap_s: float) -> tuple[Segment, ...]:
    pairs = list(pairwise(cuts))
    if any(end - start < 2 * step_s + gap_s for start, end in pairs):
        raise ValueError("the range is too short to be split so")
    return tuple(Segment(start, end - gap_s if end != cuts[-1] else end) for start, end in pairs)
