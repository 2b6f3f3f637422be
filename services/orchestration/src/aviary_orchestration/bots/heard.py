"""The newest that one bot has said, in memory."""

import time
from collections import deque
from collections.abc import Sequence
from typing import Final

from aviary_orchestration.bots.payloads import Json, LogLine, read_performance

KEPT_LINES: Final = 100
ACTIVE_S: Final = 30.0
"""A bot pulses every 10 s."""
SAME_LINE_S: Final = 300.0


class Heard:
    def __init__(self, bot: str) -> None:
        self.bot = bot
        self.errors: deque[LogLine] = deque(maxlen=KEPT_LINES)
        self.lines: deque[LogLine] = deque(maxlen=KEPT_LINES)
        self._heard_at = -1e9
        self._raw = b""
        self._reports: dict[str, Json] | None = {}
        self._recent: dict[tuple[str, int], float] = {}

    @property
    def age_s(self) -> float:
        return time.monotonic() - self._heard_at

    @property
    def recently_active(self) -> bool:
        return self.age_s < ACTIVE_S

    @property
    def reports(self) -> dict[str, Json]:
        """By controller; read when somebody asks, for it comes every second."""
        if self._reports is None:
            self._reports = read_performance(self._raw)
        return self._reports

    def touch(self) -> None:
        self._heard_at = time.monotonic()

    def take_reports(self, raw: bytes) -> None:
        self._raw, self._reports = raw, None

    def take_line(self, line: LogLine) -> None:
        """A line that repeats within its second, and again and again, is kept once."""
        now = time.monotonic()
        key = (line.msg, int(line.at))
        if now - self._recent.get(key, -1e9) < SAME_LINE_S:
            return
        if len(self._recent) > 4 * KEPT_LINES:
            self._recent.clear()
        self._recent[key] = now
        (self.errors if line.is_error else self.lines).append(line)

    def recall(self, lines: Sequence[LogLine]) -> None:
        """What was written down before this replica listened, oldest first."""
        said = [*self.errors, *self.lines]
        for kept in (self.errors, self.lines):
            kept.clear()
        for line in sorted({*lines, *said}, key=lambda each: each.at):
            (self.errors if line.is_error else self.lines).append(line)
