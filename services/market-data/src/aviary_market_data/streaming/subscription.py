"""What somebody wants to be told, and what there is to tell since the last time."""

import time
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field

from aviary_common.models import Name, Tolerant, TradingPair, aliases
from aviary_exchange.types import StreamKind
from aviary_market_data.feeds.candle_text import as_list, open_time_s
from aviary_market_data.feeds.key import FeedKey
from aviary_market_data.feeds.mirror import BookMirror, CandlesMirror, Mirror, TradesMirror
from aviary_market_data.order_books.rendering import level_lists

LEAST_INTERVAL_S: Final = 0.25
MOST_INTERVAL_S: Final = 60.0
STALE_S: Final = 5.0
"""What was known this long before the last look is no news."""


class Subscribe(Tolerant):
    """``update_interval`` is taken within 0.25 and 60 s."""

    type: Literal["candles", "order_book", "trades"]
    connector: Name = aliases("connector", "connector_name")
    trading_pair: TradingPair
    interval: str = "1m"
    max_records: Annotated[int, Field(ge=1, le=5000)] = 100
    depth: Annotated[int, Field(ge=1, le=500)] = 10
    update_interval: float = 1.0

    @property
    def every_s(self) -> float:
        return min(max(self.update_interval, LEAST_INTERVAL_S), MOST_INTERVAL_S)

    @property
    def key(self) -> FeedKey:
        """``connector`` is the one whose markets they are."""
        kind = StreamKind(self.type)
        return FeedKey(kind, self.connector, self.trading_pair, self.interval if kind is StreamKind.CANDLES else "")


@dataclass
class Told:
    """What a subscriber has heard so far; ``news`` gives it the newest state, however much it has missed."""

    id: str
    wanted: Subscribe
    _mirror: Mirror | None = None
    _version: int = -1
    _trades: int | None = None
    _open_time_s: int | None = None

    def listen_to(self, mirror: Mirror) -> None:
        if mirror is not self._mirror:
            self._mirror, self._version, self._trades = mirror, -1, None

    def news(self) -> str | None:
        """The next message, or ``None`` when nothing has happened; what is known from long ago is no news."""
        mirror = self._mirror
        if mirror is None or mirror.version == self._version or mirror.age_s() > self.wanted.every_s + STALE_S:
            return None
        self._version = mirror.version
        match mirror:
            case BookMirror():
                return self._book(mirror)
            case TradesMirror():
                return self._new_trades(mirror)
            case CandlesMirror():
                return self._candles(mirror)
        return None

    def _book(self, mirror: BookMirror) -> str | None:
        book = mirror.book()
        if book is None or book.levels < self.wanted.depth:
            return None  # the feed has not grown yet
        return self._message(mirror, "order_book", level_lists(book, self.wanted.depth))

    def _new_trades(self, mirror: TradesMirror) -> str | None:
        if self._trades is None:
            self._trades = mirror.told
            return None
        new = mirror.since(self._trades)
        self._trades = mirror.told
        return self._message(mirror, "trades", as_list(new)) if new else None

    def _candles(self, mirror: CandlesMirror) -> str | None:
        """The whole window when a candle has opened, else the open one."""
        lines = mirror.newest_known(self.wanted.max_records)
        if not lines:
            return None
        opened = open_time_s(lines[-1])
        if opened == self._open_time_s:
            return self._message(mirror, "candle_update", lines[-1])
        self._open_time_s = opened
        return self._message(mirror, "candles", as_list(lines))

    def _message(self, mirror: Mirror, kind: str, data: str) -> str:
        at = f'"timestamp":{time.time():.3f},"age_s":{mirror.age_s():.3f}'
        return f'{{"type":"{kind}","subscription_id":"{self.id}","data":{data},{at}}}'
