"""When the candles of an interval open: aligned in UTC as on Binance, weeks on Mondays, months by the calendar."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from aviary_market_data.candle_store.spans import Span

MINUTE_S: Final = 60
DAY_S: Final = 86_400
MONDAY_S: Final = 4 * DAY_S
"""1970-01-05."""
_UNITS: Final[Mapping[str, int]] = {"s": 1, "m": MINUTE_S, "h": 3600, "d": DAY_S, "w": 7 * DAY_S}


@dataclass(frozen=True, slots=True)
class Grid:
    """``length_s`` is zero for months, ``months`` for everything else."""

    interval: str
    length_s: int
    months: int

    @property
    def derivable(self) -> bool:
        """Whether its candles can be put together from those of a minute. Odd lengths open when a venue pleases."""
        if self.months:
            return self.months == 1
        if self.length_s <= DAY_S:
            return self.length_s > MINUTE_S and self.length_s % MINUTE_S == 0 and DAY_S % self.length_s == 0
        return self.interval in {"3d", "1w"}

    @property
    def offset_s(self) -> int:
        return MONDAY_S if self.interval.endswith("w") else 0

    def floor(self, at_s: int) -> int:
        """When the candle that holds this moment opened."""
        if self.months:
            return _month_start(_month_of(at_s) // self.months * self.months)
        return (at_s - self.offset_s) // self.length_s * self.length_s + self.offset_s

    def ceil(self, at_s: int) -> int:
        """The first opening that is not before this moment."""
        opened = self.floor(at_s)
        return opened if opened == at_s else self.moved(opened, 1)

    def moved(self, open_s: int, count: int) -> int:
        if self.months:
            return _month_start(_month_of(open_s) + self.months * count)
        return open_s + self.length_s * count

    def aligned(self, span: Span) -> Span:
        """The candles that open within the span, as a span from opening to opening."""
        return Span(self.ceil(span.start_s), self.ceil(span.end_s))

    def count(self, span: Span) -> int:
        """Of an aligned span."""
        if not span:
            return 0
        if self.months:
            return (_month_of(span.end_s) - _month_of(span.start_s)) // self.months
        return (span.end_s - span.start_s) // self.length_s

    def holes(self, opens: Sequence[int], span: Span) -> list[Span]:
        """Where candles are missing in an aligned span; ``opens`` are sorted and within it."""
        found: list[Span] = []
        expected = span.start_s
        for opened in opens:
            if opened != expected:
                found.append(Span(expected, opened))
            expected = self.moved(opened, 1)
        if expected < span.end_s:
            found.append(Span(expected, span.end_s))
        return found

    def runs(self, opens: Sequence[int]) -> list[Span]:
        """The same candles as spans without holes."""
        found: list[Span] = []
        for opened in opens:
            after = self.moved(opened, 1)
            if found and found[-1].end_s == opened:
                found[-1] = Span(found[-1].start_s, after)
            else:
                found.append(Span(opened, after))
        return found


@lru_cache(maxsize=256)
def grid_of(interval: str) -> Grid:
    length, unit = int(interval[:-1]), interval[-1]
    return Grid(interval, 0, length) if unit == "M" else Grid(interval, length * _UNITS[unit], 0)


MINUTES: Final = grid_of("1m")


def month_name(at_s: int) -> str:
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m")


def by_month(span: Span) -> Iterator[Span]:
    """The span cut where calendar months begin."""
    at = span.start_s
    while at < span.end_s:
        after = min(_month_start(_month_of(at) + 1), span.end_s)
        yield Span(at, after)
        at = after


def month_span(name: str) -> Span:
    year, _, month = name.partition("-")
    number = int(year) * 12 + int(month) - 1
    return Span(_month_start(number), _month_start(number + 1))


def _month_of(at_s: int) -> int:
    at = datetime.fromtimestamp(at_s, UTC)
    return at.year * 12 + at.month - 1


def _month_start(number: int) -> int:
    year, month = divmod(number, 12)
    return int(datetime(year, month + 1, 1, tzinfo=UTC).timestamp())
