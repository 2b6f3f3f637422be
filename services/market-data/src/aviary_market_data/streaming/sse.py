"""The same news as server-sent events."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from typing import Final

from aviary_market_data.streaming.source import StreamSource
from aviary_market_data.streaming.subscription import LEAST_INTERVAL_S, Told

HEARTBEAT_S: Final = 15.0


async def events(source: StreamSource, told: Sequence[Told], every_s: float) -> AsyncIterator[str]:
    """The newest state whenever there is any news; a comment when there has been none for a while. Endless."""
    sent_at = time.monotonic()
    yield ": connected\n\n"
    while True:
        for each in told:
            source.follow(each)
            if (text := each.news()) is not None:
                sent_at = time.monotonic()
                yield f"event: {each.wanted.type}\ndata: {text}\n\n"
        if time.monotonic() - sent_at > HEARTBEAT_S:
            sent_at = time.monotonic()
            yield f": heartbeat {time.time():.0f}\n\n"
        await asyncio.sleep(max(every_s, LEAST_INTERVAL_S))
