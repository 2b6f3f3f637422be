"""A durable pull consumer: one per service and purpose, shared by its replicas."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Final, TypeVar

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.client import JetStreamContext
from pydantic import ValidationError

from aviary_common import context, logs, tracing
from aviary_common.bus.figures import CONSUMED, REDELIVERED
from aviary_common.bus.messages import Event
from aviary_common.context import HEADER, request_id
from aviary_common.errors import Unavailable

log = logs.get(__name__)

E = TypeVar("E", bound=Event)

BATCH: Final = 50
FETCH_S: Final = 5.0
ACK_WAIT_S: Final = 10
"""After this time an event whose consumer died goes to another replica."""
RETRY_DELAYS_S: Final = (1, 2, 5, 15, 60)
INACTIVE_S: Final = 30 * 24 * 3600


async def consume_forever(
    jetstream: JetStreamContext, stream: str, durable: str, kind: type[E], handler: Callable[[E], Awaitable[None]]
) -> None:
    config = ConsumerConfig(
        durable_name=durable,
        filter_subject=kind.subject,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_S,
        deliver_policy=DeliverPolicy.ALL,
        max_ack_pending=BATCH * 4,
        inactive_threshold=INACTIVE_S,
    )
    try:
        subscription = await jetstream.pull_subscribe(kind.subject, durable=durable, stream=stream, config=config)
        try:
            while True:
                await _handle_some(subscription, durable, kind, handler)
        finally:
            # Without this the server would still send the next events to a request that nobody waits for.
            await subscription.unsubscribe()
    except NatsError as error:
        raise Unavailable("nats") from error


async def _handle_some(
    subscription: JetStreamContext.PullSubscription,
    durable: str,
    kind: type[E],
    handler: Callable[[E], Awaitable[None]],
) -> None:
    try:
        messages = await subscription.fetch(BATCH, timeout=FETCH_S)
    except TimeoutError:
        return
    for message in messages:
        await _handle(message, durable, kind, handler)


async def _handle(message: Msg, durable: str, kind: type[E], handler: Callable[[E], Awaitable[None]]) -> None:
    token = request_id.set((message.headers or {}).get(HEADER, "-"))
    attempt, outcome = message.metadata.num_delivered, "handled"
    if attempt > 1:
        REDELIVERED.labels(durable).inc()
    try:
        event = kind.model_validate_json(message.data)
        with context.about(**context.subjects_of(event)), _span(message):
            await handler(event)
            log.info("event handled", subject=message.subject, attempt=attempt)
    except ValidationError as error:
        outcome = "dropped"
        log.error("event cannot be read and is dropped", subject=message.subject, error=str(error))
        await message.term()
    except Exception as error:
        outcome = "failed"
        log.error("event handler failed", subject=message.subject, attempt=attempt, exc_info=error)
        await message.nak(delay=RETRY_DELAYS_S[min(attempt, len(RETRY_DELAYS_S)) - 1])
    else:
        await message.ack()
    finally:
        CONSUMED.labels(durable, outcome).inc()
        request_id.reset(token)


def _span(message: Msg) -> AbstractContextManager[None]:
    """A part of the trace in which the event was written, if it was written in one."""
    parent = (message.headers or {}).get(tracing.PARENT_HEADER)
    return tracing.root(f"consume {message.subject}", "consumer", parent) if parent else nullcontext()
