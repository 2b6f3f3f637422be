"""How the sessions fare that this process holds."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from prometheus_client import Counter, Gauge

from aviary_common.figures import Reading
from aviary_trading.venues import Key

SESSIONS: Final = Gauge(
    "aviary_sessions",
    "Sessions with a venue that this process holds, by whether their stream is live",
    ["connector", "state"],
)
SILENT: Final = Gauge(
    "aviary_session_silent_seconds",
    "Since the stream of a session last said anything, of the most silent one; an account without trades is silent",
    ["connector"],
)
LIVE: Final = Counter(
    "aviary_session_streams_total", "How often the stream of a session became live, at first or again", ["connector"]
)
_STATES: Final = ("live", "connecting")


@dataclass
class Pulse:
    """Of one session that runs."""

    connector: str
    is_live: bool = False
    heard_at: float = field(default_factory=time.monotonic)

    def heard(self) -> None:
        self.heard_at = time.monotonic()

    def live(self) -> None:
        self.is_live = True
        LIVE.labels(self.connector).inc()


class Pulses:
    def __init__(self) -> None:
        self._running: dict[Key, Pulse] = {}

    @contextmanager
    def of(self, key: Key) -> Iterator[Pulse]:
        pulse = self._running[key] = Pulse(key[1])
        try:
            yield pulse
        finally:
            del self._running[key]

    async def look(self) -> Iterable[Reading]:
        counts: dict[tuple[str, str], int] = {}
        silent: dict[str, float] = {}
        now = time.monotonic()
        for pulse in self._running.values():
            for state in _STATES:
                is_so = pulse.is_live == (state == "live")
                counts[pulse.connector, state] = counts.get((pulse.connector, state), 0) + is_so
            silent[pulse.connector] = max(silent.get(pulse.connector, 0.0), now - pulse.heard_at)
        return [
            *(Reading(SESSIONS, labels, count) for labels, count in counts.items()),
            *(Reading(SILENT, (connector,), age_s) for connector, age_s in silent.items()),
        ]
