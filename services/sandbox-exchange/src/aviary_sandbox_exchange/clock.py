"""The venue's own clock, which a test may move."""

import time


class Clock:
    def __init__(self, offset_ms: int = 0) -> None:
        self.offset_ms = offset_ms

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.offset_ms


class FixedClock(Clock):
    """Stands still until told otherwise."""

    def __init__(self, now_ms: int) -> None:
        super().__init__()
        self.at_ms = now_ms

    def now_ms(self) -> int:
        return self.at_ms + self.offset_ms
