"""A replica's own copy of one feed, kept by what the feed's owner tells through Valkey."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final, Protocol

from aviary_exchange.types import StreamKind
from aviary_market_data.feeds.book_text import Book
from aviary_market_data.feeds.candle_text import open_time_s
from aviary_market_data.feeds.key import FeedKey

Clock = Callable[[], float]
Stored = tuple[str | None, str | None]
"""What stands under the feed's state, and under its channel's name."""
NEVER: Final = float("-inf")
TRADES_KEPT: Final = 1000


class Mirror(Protocol):
    key: FeedKey
    asked_at: float
    size: int
    version: int
    heard: asyncio.Event
    """Set once anything is known."""

    def take_state(self, stored: Stored) -> None:
        """What Valkey has, read once at the beginning and when something is missing."""
        ...

    def take_news(self, text: str) -> bool:
        """What the owner has just told; false when it does not fit to what is known, so that the state is needed."""
        ...

    def age_s(self) -> float:
        """Since the owner last knew it to be so; infinite when nothing is known."""
        ...


class _Kept:
    """When it was heard: by this process' own clock, so that clocks of several machines need not agree."""

    def __init__(self, key: FeedKey, size: int, clock: Clock = time.monotonic) -> None:
        self.key = key
        self.size = size
        self.version = 0
        self._clock = clock
        self.asked_at = clock()
        self._heard_at = NEVER
        self.heard = asyncio.Event()

    def age_s(self) -> float:
        return self._clock() - self._heard_at

    def _heard(self, written_at: float | None = None) -> None:
        """Now, or what was found was written then, by the wall clock."""
        old = 0.0 if written_at is None else max(0.0, time.time() - written_at)
        self._heard_at = max(self._heard_at, self._clock() - old)
        self.version += 1
        self.heard.set()


class BookMirror(_Kept):
    _text: str | None = None
    _book: Book | None = None

    def take_state(self, stored: Stored) -> None:
        state, _ = stored
        if state is not None and self._text is None:
            self._text, self._book = state, None
            self._heard(Book.from_json(state, self.key.trading_pair).at)

    def take_news(self, text: str) -> bool:
        self._text, self._book = text, None
        self._heard()
        return True

    def book(self) -> Book | None:
        """Read only when somebody asks: books change more often than they are read."""
        if self._book is None and self._text is not None:
            self._book = Book.from_json(self._text, self.key.trading_pair)
        return self._book


class TradesMirror(_Kept):
    """``told`` counts the trades that were told since this copy began, so that a reader knows which are new to it."""

    told = 0

    def __init__(self, key: FeedKey, size: int, clock: Clock = time.monotonic) -> None:
        super().__init__(key, size, clock)
        self._lines: deque[str] = deque(maxlen=TRADES_KEPT)

    def take_state(self, stored: Stored) -> None:
        state, _ = stored
        if state is not None and not self._lines:
            self._lines.extend(state.splitlines())
            self._heard(0.0)

    def take_news(self, text: str) -> bool:
        lines = text.splitlines()
        self._lines.extend(lines)
        self.told += len(lines)
        self._heard()
        return True

    def since(self, told: int) -> Sequence[str]:
        """The trades after the first ``told``, as far as they are still kept."""
        new = min(self.told - told, len(self._lines))
        return list(islice(self._lines, len(self._lines) - new, None))


class CandlesMirror(_Kept):
    def __init__(self, key: FeedKey, size: int, clock: Clock = time.monotonic) -> None:
        super().__init__(key, size, clock)
        self._lines: dict[int, str] = {}
        self._whole = False

    def take_state(self, stored: Stored) -> None:
        """The first line says when it was written, and whether the venue has nothing older."""
        state, last = stored
        if state is None:
            return
        head, *lines = state.splitlines()
        written_at, whole = head.split()
        self._lines = {open_time_s(line): line for line in lines}
        self._whole = whole == "whole"
        if last is not None:
            self._merge(last.splitlines())
        self._heard(float(written_at))

    def take_news(self, text: str) -> bool:
        lines = text.splitlines()
        follows = open_time_s(lines[0]) in self._lines
        self._merge(lines)
        self._heard()
        return follows and (self._whole or len(self._lines) >= self.size)

    def _merge(self, lines: Sequence[str]) -> None:
        """Two numbers are told of each change: the candle before the open one, and the open one."""
        for line in lines:
            self._lines[open_time_s(line)] = line
        while len(self._lines) > self.size:
            del self._lines[next(iter(self._lines))]
            self._whole = False

    def newest(self, records: int) -> Sequence[str] | None:
        """``None`` when there are fewer here than at the venue."""
        if len(self._lines) < records and not (self._whole and self._lines):
            return None
        return self.newest_known(records)

    def newest_known(self, records: int) -> Sequence[str]:
        return list(islice(self._lines.values(), max(0, len(self._lines) - records), None))


def mirror_of(key: FeedKey, size: int) -> BookMirror | TradesMirror | CandlesMirror:
    match key.kind:
        case StreamKind.BOOK:
            return BookMirror(key, size)
        case StreamKind.TRADES:
            return TradesMirror(key, size)
        case StreamKind.CANDLES:
            return CandlesMirror(key, size)
