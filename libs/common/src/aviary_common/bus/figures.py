"""What is counted of the bus, and how far consumers are behind, which JetStream is asked for."""

from collections.abc import Iterable
from typing import Final

from nats.errors import Error as NatsError
from nats.js.client import JetStreamContext
from prometheus_client import Counter, Gauge, Histogram

from aviary_common.figures import Reading

ASKED: Final = Histogram(
    "aviary_bus_ask_duration_seconds",
    "Questions to other services, until the answer",
    ["subject", "outcome"],
    buckets=(0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 3, 10),
)
"""``answered``, also with a refusal; ``timeout``; ``unavailable`` when nobody listens or NATS is away."""
ANSWERED: Final = Counter("aviary_bus_answers_total", "Questions answered here", ["subject", "status"])
PUBLISHED: Final = Counter("aviary_bus_published_total", "Events stored by JetStream, or not", ["subject", "outcome"])
CONSUMED: Final = Counter(
    "aviary_bus_consumed_total", "Events handled here, by what became of them", ["consumer", "outcome"]
)
REDELIVERED: Final = Counter("aviary_bus_redelivered_total", "Events that came here again", ["consumer"])
RECONNECTS: Final = Counter("aviary_bus_reconnects_total", "Connections to NATS that were lost and made again")
JETSTREAM_UP: Final = Gauge("aviary_bus_jetstream_up", "Whether JetStream answers this process")
PENDING: Final = Gauge("aviary_bus_consumer_pending", "Events that a consumer has not been given yet", ["consumer"])
UNACKNOWLEDGED: Final = Gauge(
    "aviary_bus_consumer_unacknowledged", "Events given to a consumer that has not finished them", ["consumer"]
)


class ConsumerFigures:
    """Of the consumers that this process takes part in; every replica tells the same of them."""

    def __init__(self, jetstream: JetStreamContext, stream: str) -> None:
        self._jetstream = jetstream
        self._stream = stream
        self._consumers: dict[str, str] = {}

    def add(self, stream: str, durable: str) -> None:
        self._consumers[durable] = stream
        REDELIVERED.labels(durable)
        for outcome in ("handled", "failed", "dropped"):
            CONSUMED.labels(durable, outcome)

    async def look(self) -> Iterable[Reading]:
        try:
            await self._jetstream.stream_info(self._stream)
        except (NatsError, TimeoutError):
            return [Reading(JETSTREAM_UP, (), 0)]
        return [
            Reading(JETSTREAM_UP, (), 1),
            *[each for durable in self._consumers for each in await self._of(durable)],
        ]

    async def _of(self, durable: str) -> list[Reading]:
        found = await self._jetstream.consumer_info(self._consumers[durable], durable)
        return [
            Reading(PENDING, (durable,), found.num_pending or 0),
            Reading(UNACKNOWLEDGED, (durable,), found.num_ack_pending or 0),
        ]
