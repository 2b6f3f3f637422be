"""Figures that are looked up when Prometheus asks for them: gauges over rows, and over what a process holds.

Each replica looks for itself, within a deadline. What counts rows of a table is therefore told alike by every replica
of a service, and a query over replicas takes the ``max`` of it, never the ``sum``. What could not be looked up is not
told at all: an old figure would pass for a new one.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, NamedTuple

from prometheus_client import Counter, Gauge

from aviary_common import logs

log = logs.get(__name__)

LOOK_WITHIN_S: Final = 1.0
FAILED: Final = Counter(
    "aviary_scrape_lookups_failed_total", "Figures that could not be looked up when they were asked for", ["lookup"]
)


class Reading(NamedTuple):
    gauge: Gauge
    labels: tuple[str, ...]
    value: float


Look = Callable[[], Awaitable[Iterable[Reading]]]


class Figures:
    def __init__(self) -> None:
        self._looks: dict[str, Look] = {}
        self._told: dict[str, set[tuple[Gauge, tuple[str, ...]]]] = {}

    def add(self, name: str, look: Look) -> None:
        """``look`` reads all there is to tell; what it told the last time and does not tell again is gone."""
        self._looks[name] = look
        FAILED.labels(name)

    async def look(self) -> None:
        await asyncio.gather(*(self._look(name, look) for name, look in self._looks.items()))

    async def _look(self, name: str, look: Look) -> None:
        try:
            async with asyncio.timeout(LOOK_WITHIN_S):
                readings = list(await look())
        except Exception as error:  # noqa: BLE001 - whatever a look-up raises, the other figures are told
            log.warning("figures not looked up", lookup=name, error=str(error), kind=type(error).__name__)
            FAILED.labels(name).inc()
            readings = []
        told = {(gauge, labels) for gauge, labels, _ in readings}
        for gauge, labels in self._told.get(name, set()) - told:
            _forget(gauge, labels)
        for gauge, labels, value in readings:
            (gauge.labels(*labels) if labels else gauge).set(value)
        self._told[name] = told


def _forget(gauge: Gauge, labels: tuple[str, ...]) -> None:
    if labels:
        gauge.remove(*labels)
    else:
        gauge.set(math.nan)
