"""Looks at the streams somebody listens to, each in its rhythm; costs nothing for the others."""

import asyncio
from typing import get_args

from aviary_sandbox_exchange.pairs import Side
from aviary_sandbox_exchange.venue import Venue
from aviary_sandbox_exchange.ws.feeds import TICK_MS, Feed
from aviary_sandbox_exchange.ws.streams import make_feed

SIDES: tuple[Side, ...] = get_args(Side)
TICKS_A_SECOND = 1_000 // TICK_MS


class Publisher:
    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._feeds: dict[str, Feed] = {}
        venue.hub.first_subscribed = self._start
        venue.hub.last_left = self._stop

    def _start(self, topic: str) -> None:
        side, _, stream = topic.partition(":")
        if not stream.startswith("user:"):
            feed = make_feed(self._venue, "spot" if side == "spot" else "futures", stream)
            if feed is not None:
                self._feeds[topic] = feed

    def _stop(self, topic: str) -> None:
        feed = self._feeds.pop(topic, None)
        if feed is not None:
            feed.close()

    async def run(self) -> None:
        tick = 0
        while True:
            await asyncio.sleep(TICK_MS / 1000)
            tick += 1
            now_ms = self._venue.clock.now_ms()
            for topic, feed in list(self._feeds.items()):
                if tick % feed.every_ticks == 0:
                    for event in feed.poll(now_ms):
                        self._venue.hub.publish(topic, event)
            if tick % TICKS_A_SECOND == 0:
                self._close_minutes(now_ms)

    def _close_minutes(self, now_ms: int) -> None:
        for side in SIDES:
            for market in self._venue.desk(side).markets.values():
                market.tape.advance(now_ms)
        self._venue.commit()
