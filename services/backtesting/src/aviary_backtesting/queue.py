"""The doorbell between the API and the workers: taskiq over a JetStream work queue.

A ring says that there is something to do; what there is, and whose it is, stands in the table of runs. So a ring that
is lost, doubled or delivered again does no harm, and one is acknowledged as soon as it is heard.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StreamConfig
from taskiq.acks import AcknowledgeType
from taskiq.kicker import AsyncKicker
from taskiq.receiver import Receiver
from taskiq_nats import PullBasedJetStreamBroker

from aviary_common import logs
from aviary_common.errors import Unavailable
from aviary_common.settings import BusSettings

log = logs.get(__name__)

STREAM: Final = "BACKTESTS"
SUBJECT: Final = "work.backtesting.runs"
WORKERS: Final = "backtesting-workers"
TASK: Final = "run"
KEPT_RINGS: Final = 10_000
KEPT_S: Final = 24 * 3600
FETCH_S: Final = 5.0
"""A request for the next ring is renewed this often: one is lost when NATS restarts."""
RING_WITHIN_S: Final = 2.0

Heard = Callable[[], Awaitable[None]]


class Doorbell:
    def __init__(self, broker: PullBasedJetStreamBroker) -> None:
        self._broker = broker
        self._ring: AsyncKicker[[], None] = AsyncKicker(TASK, broker, {})

    async def ring(self) -> None:
        """When NATS is away somebody rings later who looks into the table."""
        try:
            async with asyncio.timeout(RING_WITHIN_S):
                await self._ring.kiq()
        except Exception as error:  # noqa: BLE001 - taskiq wraps whatever its broker raises
            log.warning("could not ring", error=str(error.__cause__ or error))

    async def is_silent(self) -> bool:
        """Whether every ring has been heard: then work that nobody does will not be done without another one."""
        try:
            consumer = await self._broker.js.consumer_info(STREAM, WORKERS)
        except (NatsError, TimeoutError) as error:
            raise Unavailable("nats") from error
        return not consumer.num_pending


@asynccontextmanager
async def open_doorbell(settings: BusSettings) -> AsyncIterator[Doorbell]:
    broker = _broker(settings)
    await _started(broker)
    try:
        yield Doorbell(broker)
    finally:
        await broker.shutdown()


async def answer_doorbell(settings: BusSettings, heard: Heard, enough: asyncio.Event) -> None:
    """Call ``heard`` for each ring, one at a time, until there is enough; what it does then is waited for. Give it to
    ``Tasks.supervise``: a connection that is lost for good ends it."""

    async def run() -> None:
        await heard()

    broker = _broker(settings)
    broker.is_worker_process = True
    broker.register_task(run, task_name=TASK)
    await _started(broker)
    receiver = Receiver(
        broker,
        max_async_tasks=1,
        max_prefetch=0,
        ack_type=AcknowledgeType.WHEN_RECEIVED,
        run_startup=False,
        validate_params=False,
    )
    try:
        await receiver.listen(enough)
    finally:
        await broker.shutdown()


def _broker(settings: BusSettings) -> PullBasedJetStreamBroker:
    user = settings.nats_user
    return PullBasedJetStreamBroker(
        settings.nats_servers.split(","),
        subject=SUBJECT,
        stream_name=STREAM,
        durable=WORKERS,
        stream_config=StreamConfig(
            name=STREAM,
            subjects=[SUBJECT],
            retention=RetentionPolicy.WORK_QUEUE,
            discard=DiscardPolicy.OLD,
            max_msgs=KEPT_RINGS,
            max_age=KEPT_S,
            num_replicas=settings.nats_replicas,
        ),
        consumer_config=ConsumerConfig(durable_name=WORKERS, ack_policy=AckPolicy.EXPLICIT, ack_wait=30),
        pull_consume_timeout=FETCH_S,
        user=user,
        password=settings.nats_password.get_secret_value(),
        name=f"{user} queue",
        inbox_prefix=f"_INBOX.{user}".encode(),
        connect_timeout=2,
        reconnect_time_wait=0.25,
        max_reconnect_attempts=-1,
        ping_interval=5,
        max_outstanding_pings=2,
        error_cb=_on_error,
    )


async def _started(broker: PullBasedJetStreamBroker) -> None:
    try:
        await broker.startup()
    except (NatsError, TimeoutError) as error:
        await broker.shutdown()
        raise Unavailable("nats") from error


async def _on_error(error: Exception) -> None:
    log.warning("nats error", error=str(error), kind=type(error).__name__)
