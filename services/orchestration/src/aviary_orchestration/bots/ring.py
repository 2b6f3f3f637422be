"""The newest log lines of a bot, and how they are told."""

from collections import deque
from collections.abc import Iterator
from typing import Final

import orjson

from aviary_orchestration.bots.payloads import LogLine

KEPT_LINES: Final = 100


class Ring:
    def __init__(self) -> None:
        self._lines: deque[LogLine] = deque(maxlen=KEPT_LINES)
        self._json: orjson.Fragment | None = None

    def __iter__(self) -> Iterator[LogLine]:
        return iter(self._lines)

    @property
    def json(self) -> orjson.Fragment:
        """All of them, written when somebody asks and kept until another line comes: all bots' are asked for often."""
        if self._json is None:
            self._json = orjson.Fragment(orjson.dumps([line.to_json() for line in self._lines]))
        return self._json

    def append(self, line: LogLine) -> None:
        self._lines.append(line)
        self._json = None

    def clear(self) -> None:
        self._lines.clear()
        self._json = None
