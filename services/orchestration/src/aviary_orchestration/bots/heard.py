"""The newest that one bot has said, in memory."""

import time
from collections.abc import Sequence
from typing import Final

import orjson

from aviary_orchestration.bots.payloads import Json, LogLine, read_performance
from aviary_orchestration.bots.ring import KEPT_LINES, Ring

ACTIVE_S: Final = 30.0
"""A bot pulses every 10 s."""
SAME_LINE_S: Final = 300.0


class Heard:
    def __init__(self, bot: str) -> None:
        self.bot = bot
        self.errors = Ring()
        self.lines = Ring()
        self._heard_at = -1e9
        self._raw = b""
        self._reports: dict[str, Json] | None = {}
        self._reports_json: orjson.Fragment | None = None
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

    @property
    def reports_json(self) -> orjson.Fragment:
        """As they are told, kept until the next report."""
        if self._reports_json is None:
            told = {name: {"status": "running", **report} for name, report in self.reports.items()}
            self._reports_json = orjson.Fragment(orjson.dumps(told))
        return self._reports_json

    def touch(self) -> None:
        self._heard_at = time.monotonic()

    def take_reports(self, raw: bytes) -> None:
        self._raw, self._reports, self._reports_json = raw, None, None

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
