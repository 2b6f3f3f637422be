"""The newest candles of a feed, as a growing window without holes."""

from collections.abc import Sequence

from aviary_exchange.types import Candle


class Window:
    """``whole`` once the venue has nothing older than the first candle."""

    def __init__(self) -> None:
        self._candles: dict[int, Candle] = {}
        self.whole = False

    def __len__(self) -> int:
        return len(self._candles)

    @property
    def candles(self) -> Sequence[Candle]:
        return list(self._candles.values())

    @property
    def newest(self) -> Sequence[Candle]:
        """The open candle, after the one before it: that one may have changed a last time."""
        return self.candles[-2:]

    def fill(self, candles: Sequence[Candle], size: int) -> Sequence[Candle]:
        """What the venue says now, which may be less than was asked for; those that have closed."""
        self._candles = {candle.open_time_s: candle for candle in candles[-size:]}
        self.whole = len(candles) < size
        return self.candles[:-1]

    def knows(self, candles: Sequence[Candle]) -> bool:
        """Whether the first of these is in the window, so that nothing can be missing between."""
        return bool(candles) and candles[0].open_time_s in self._candles

    def merge(self, candles: Sequence[Candle], size: int) -> Sequence[Candle]:
        """Take changed and new ones; those that have closed by it."""
        before = next(reversed(self._candles), None)
        for candle in candles:
            if candle.open_time_s in self._candles or before is None or candle.open_time_s > before:
                self._candles[candle.open_time_s] = candle
        for old in list(self._candles)[: max(0, len(self._candles) - size)]:
            del self._candles[old]
            self.whole = False
        newest = next(reversed(self._candles), None)
        if before is None or newest is None or newest == before:
            return []
        return [candle for at, candle in self._candles.items() if before <= at < newest]
