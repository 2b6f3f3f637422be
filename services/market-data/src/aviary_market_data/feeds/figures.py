"""How the feeds fare that this replica owns."""

import time
from collections.abc import Iterable, Mapping
from typing import Final

from prometheus_client import Counter, Gauge

from aviary_common.figures import Reading
from aviary_market_data.feeds.health import Health
from aviary_market_data.feeds.key import FeedKey

FEEDS: Final = Gauge(
    "aviary_feeds", "Feeds that this process owns, by whether they are live", ["connector", "kind", "state"]
)
AGE: Final = Gauge(
    "aviary_feed_age_seconds",
    "Since a live feed last told anything, or since one that is not began, of the oldest one; quiet markets say little",
    ["connector", "kind"],
)
UPDATES: Final = Counter("aviary_feed_updates_total", "What feeds have told", ["connector", "kind"])
INTERRUPTIONS: Final = Counter(
    "aviary_feed_interruptions_total",
    "Feeds that began anew: a lost connection, silence, or a gap that could not be made up for",
    ["connector", "kind"],
)
_STATES: Final = ("live", "waiting")


class FeedFigures:
    def __init__(self, health: Mapping[FeedKey, Health]) -> None:
        self._health = health

    async def look(self) -> Iterable[Reading]:
        counts: dict[tuple[str, ...], int] = {}
        ages: dict[tuple[str, ...], float] = {}
        now = time.time()
        for key, health in self._health.items():
            labels = (key.connector, key.kind.value)
            for state in _STATES:
                is_so = health.is_connected == (state == "live")
                counts[*labels, state] = counts.get((*labels, state), 0) + is_so
            ages[labels] = max(ages.get(labels, 0.0), now - (health.told_at or health.since))
        return [
            *(Reading(FEEDS, labels, count) for labels, count in counts.items()),
            *(Reading(AGE, labels, age_s) for labels, age_s in ages.items()),
        ]
