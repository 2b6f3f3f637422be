"""Messages that others define, kept in a stream until they are written down."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, RetentionPolicy, StorageType, StreamConfig
from nats.js.client import JetStreamContext

from aviary_common.bus import streams
from aviary_common.errors import Unavailable

BATCH: Final = 500
FETCH_S: Final = 5.0
ACK_WAIT_S: Final = 15
"""After this time messages whose handler died go to another replica."""
AGAIN_S: Final = 1.0
"""After this time those that it raised for."""


@dataclass(frozen=True)
class Capture:
    """A stream over ``subjects`` that forgets the oldest beyond its bounds."""

    stream: str
    subjects: Sequence[str]
    keep_s: float
    keep_bytes: int

    @property
    def config(self) -> StreamConfig:
        return StreamConfig(
            name=self.stream,
            subjects=list(self.subjects),
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            max_age=self.keep_s,
            max_bytes=self.keep_bytes,
        )


AUDIT_CAPTURE: Final = Capture("AUDIT", ("audit.*",), keep_s=30 * 24 * 3600, keep_bytes=1024**3)
"""What every service says about calls that change something, until accounts has written it down."""


@dataclass(frozen=True, slots=True)
class Captured:
    """``sequence`` is unique in its stream and rises; the same message may come twice."""

    subject: str
    data: bytes
    sequence: int
    at: datetime


async def capture_forever(
    jetstream: JetStreamContext,
    capture: Capture,
    durable: str,
    replicas: int,
    handler: Callable[[Sequence[Captured]], Awaitable[None]],
) -> None:
    try:
        await streams.ensure(jetstream, capture.config.evolve(num_replicas=replicas))
        config = ConsumerConfig(
            durable_name=durable, ack_policy=AckPolicy.EXPLICIT, ack_wait=ACK_WAIT_S, max_ack_pending=4 * BATCH
        )
        subscription = await jetstream.pull_subscribe("", durable=durable, stream=capture.stream, config=config)
        try:
            while True:
                await _handle_batch(subscription, handler)
        finally:
            await subscription.unsubscribe()
    except (NatsError, TimeoutError) as error:
        raise Unavailable("nats") from error


async def _handle_batch(
    subscription: JetStreamContext.PullSubscription, handler: Callable[[Sequence[Captured]], Awaitable[None]]
) -> None:
    try:
        messages = await subscription.fetch(BATCH, timeout=FETCH_S)
    except TimeoutError:
        return
    try:
        await handler([_captured(message) for message in messages])
    except Exception:
        for message in messages:
            await message.nak(delay=AGAIN_S)
        raise
    for message in messages:
        await message.ack()


def _captured(message: Msg) -> Captured:
    kept = message.metadata
    return Captured(message.subject, message.data, kept.sequence.stream, kept.timestamp.astimezone(UTC))
