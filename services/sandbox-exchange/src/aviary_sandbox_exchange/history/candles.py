"""Candles of any interval, and the sums over the last minutes and the last day."""

from aviary_sandbox_exchange.history.bars import Bar, merged
from aviary_sandbox_exchange.history.intervals import DAY_MS, HOUR_MS, LENGTH_MS, MINUTE_MS, end_of, start_of
from aviary_sandbox_exchange.history.path import MINUTES
from aviary_sandbox_exchange.history.tape import Tape
from aviary_sandbox_exchange.units import SCALE

AVERAGE_MINUTES = 5
USUAL_DAYS = 90


class Candles:
    """``opened_ms`` is when the venue was founded; there are so many ``days`` before it and nothing earlier."""

    def __init__(self, tape: Tape, opened_ms: int, days: int = USUAL_DAYS) -> None:
        self._tape = tape
        self.first_ms = (opened_ms // DAY_MS - days) * DAY_MS

    def get(self, interval: str, *, start_ms: int | None, end_ms: int | None, limit: int, now_ms: int) -> list[Bar]:
        """At most ``limit`` bars (``start`` in milliseconds), oldest first; the last one may still be open.

        With a start the window runs forward from it, otherwise backward from the end, as on Binance.
        """
        self._tape.advance(now_ms)
        last = start_of(interval, min(now_ms, end_ms if end_ms is not None else now_ms))
        if start_ms is None:
            first = self._back(interval, last, limit - 1)
        else:
            first = start_of(interval, max(start_ms, 0))
            if first < start_ms:
                first = end_of(interval, first)
        first = max(first, start_of(interval, self.first_ms))
        if interval == "1s":
            return self._seconds(first, last, limit)
        bars: list[Bar] = []
        while first <= last and len(bars) < limit:
            end = end_of(interval, first)
            bars.append(self.between(first, end))
            first = end
        return bars

    def between(self, start_ms: int, end_ms: int) -> Bar:
        """Everything from ``start_ms`` to ``end_ms`` (not included) as one bar; both are whole minutes."""
        tape = self._tape
        start_ms = max(start_ms, self.first_ms)
        open_minute = tape.minute.start
        end_ms = min(end_ms, (open_minute + 1) * MINUTE_MS)
        if end_ms - start_ms == MINUTE_MS:
            return self._minute(start_ms // MINUTE_MS)
        parts: list[Bar] = []
        at = start_ms
        while at < end_ms:
            day, within = divmod(at, DAY_MS)
            day_end = min((day + 1) * DAY_MS, end_ms)
            if within % HOUR_MS == 0 and (day_end - at) % HOUR_MS == 0 and (day + 1) * MINUTES <= open_minute:
                first = within // HOUR_MS
                parts.append(tape.hours(day).merge(0, first, first + (day_end - at) // HOUR_MS))
            else:
                parts.extend(self._minutes_of_day(day, within // MINUTE_MS, (day_end - day * DAY_MS) // MINUTE_MS))
            at = day_end
        return merged(start_ms, parts) if parts else Bar.flat(start_ms, tape.last_price)

    def day_before(self, now_ms: int) -> Bar:
        """The last 24 hours."""
        self._tape.advance(now_ms)
        end = (self._tape.minute.start + 1) * MINUTE_MS
        return self.between(end - DAY_MS, end)

    def average_price(self, now_ms: int) -> int:
        """Volume-weighted over the last five minutes; the last price when nothing traded."""
        self._tape.advance(now_ms)
        end = (self._tape.minute.start + 1) * MINUTE_MS
        bar = self.between(end - AVERAGE_MINUTES * MINUTE_MS, end)
        return bar.quote * SCALE // bar.volume if bar.volume else self._tape.last_price

    def _minute(self, minute: int) -> Bar:
        if minute == self._tape.minute.start:
            open_bar = self._tape.minute
            return merged(minute * MINUTE_MS, [open_bar])
        day, index = divmod(minute, MINUTES)
        return self._tape.day(day).merge(minute * MINUTE_MS, index, index + 1)

    def _minutes_of_day(self, day: int, first: int, end: int) -> list[Bar]:
        parts: list[Bar] = []
        open_index = self._tape.minute.start - day * MINUTES
        closed_end = min(end, open_index)
        if closed_end > first:
            parts.append(self._tape.day(day).merge(0, first, closed_end))
        if first <= open_index < end:
            parts.append(self._tape.minute)
        return parts

    def _back(self, interval: str, start_ms: int, count: int) -> int:
        if interval != "1M":
            return start_ms - count * LENGTH_MS[interval]
        for _ in range(count):
            if start_ms < self.first_ms:
                break
            start_ms = start_of("1M", start_ms - 1)
        return start_ms

    def _seconds(self, first_ms: int, last_ms: int, limit: int) -> list[Bar]:
        """Seconds since the first trade that is still remembered, silent ones included."""
        remembered = {bar.start: bar for bar in self._tape.seconds}
        if not remembered:
            return []
        oldest = next(iter(remembered))
        close = remembered[oldest].open
        bars: list[Bar] = []
        for second in range(oldest, last_ms // 1000 + 1):
            bar = remembered.get(second)
            close = bar.close if bar else close
            if second * 1000 >= first_ms:
                bars.append(merged(second * 1000, [bar]) if bar else Bar.flat(second * 1000, close))
                if len(bars) == limit:
                    break
        return bars
