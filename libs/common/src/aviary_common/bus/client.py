"""The one connection of a process to NATS."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from typing import Any, Final, TypeVar, cast

import nats
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError
from nats.js.api import RetentionPolicy, StreamConfig
from pydantic import BaseModel, ValidationError
from redis.exceptions import RedisError

from aviary_common import context, logs, tracing
from aviary_common.bus import streams
from aviary_common.bus.capture import AUDIT_CAPTURE, Capture, Captured, capture_forever
from aviary_common.bus.consume import consume_forever
from aviary_common.bus.figures import ANSWERED, ASKED, PUBLISHED, RECONNECTS, ConsumerFigures
from aviary_common.bus.messages import Event, Failure, Question
from aviary_common.cancelling import end
from aviary_common.context import HEADER, request_id
from aviary_common.errors import AviaryError, DeadlineExceeded, Unavailable, from_wire
from aviary_common.figures import Figures
from aviary_common.settings import BusSettings

log = logs.get(__name__)

A = TypeVar("A", bound=BaseModel)
Q = TypeVar("Q", bound=Question[Any])
E = TypeVar("E", bound=Event)

STREAM: Final = "AVIARY"
DUPLICATE_WINDOW_S: Final = 120
EVENTS: Final = StreamConfig(
    name=STREAM,
    subjects=["aviary.>"],
    retention=RetentionPolicy.LIMITS,
    max_age=7 * 24 * 3600,
    max_bytes=1024**3,
    duplicate_window=DUPLICATE_WINDOW_S,
)
PUBLISH_DEADLINE_S: Final = 2.0
ANSWER_STATUS: Final = "Aviary-Status"
CONNECT_FOR_S: Final = 60
RECONNECT_PATIENCE_S: Final = 1.0
LOOK_EVERY_S: Final = 0.02
DRAIN_S: Final = 3


class Bus:
    """Publishes, asks, answers and consumes. It reconnects for ever; while it is away, calls end in ``Unavailable``."""

    def __init__(self, client: Client, service: str, replicas: int = 1) -> None:
        self._client = client
        self._service = service
        self._replicas = replicas
        self._jetstream = client.jetstream(timeout=PUBLISH_DEADLINE_S)
        self._answering: set[asyncio.Task[None]] = set()
        self._subscriptions: list[Subscription] = []
        self._consumers = ConsumerFigures(self._jetstream, STREAM)

    @classmethod
    async def connect(cls, settings: BusSettings) -> "Bus":
        """Connect and make sure that the streams of events and of audit entries exist."""
        user = settings.nats_user
        client = await nats.connect(
            settings.nats_servers.split(","),
            user=user,
            password=settings.nats_password.get_secret_value(),
            name=user,
            inbox_prefix=f"_INBOX.{user}".encode(),
            connect_timeout=2,
            reconnect_time_wait=0.25,
            max_reconnect_attempts=-1,
            ping_interval=5,
            max_outstanding_pings=2,
            error_cb=_on_error,
            disconnected_cb=_on_disconnect,
            reconnected_cb=_on_reconnect,
        )
        bus = cls(client, user, settings.nats_replicas)
        for stream in (EVENTS, AUDIT_CAPTURE.config):
            await bus._ensure_stream(stream)
        return bus

    @property
    def is_connected(self) -> bool:
        return bool(self._client.is_connected)

    async def ping(self) -> None:
        await self._client.flush(timeout=1)

    async def close(self) -> None:
        """Take no more questions, finish those under way, then leave."""
        try:
            async with asyncio.timeout(DRAIN_S):
                for subscription in self._subscriptions:
                    await subscription.drain()  # type: ignore[no-untyped-call]
                await asyncio.gather(*self._answering, return_exceptions=True)
                await self._client.flush()
        except (NatsError, TimeoutError) as error:
            log.info("left without finishing", error=str(error), questions=len(self._answering))
        await end(*self._answering)
        await self._client.close()

    async def publish(self, subject: str, payload: object, *, message_id: str, request: str = "-") -> None:
        """Return once JetStream has stored the message; services publish through their outbox."""
        headers = {"Nats-Msg-Id": message_id, HEADER: request, **tracing.carried()}
        try:
            await self._jetstream.publish(subject, orjson.dumps(payload), headers=headers)
        except (NatsError, TimeoutError) as error:
            PUBLISHED.labels(subject, "unavailable").inc()
            raise Unavailable("nats") from error
        PUBLISHED.labels(subject, "stored").inc()

    def register(self, figures: Figures) -> None:
        """How far consumers are behind, whenever somebody asks."""
        figures.add("bus", self._consumers.look)

    async def ask(self, question: Question[A], *, deadline_s: float = 3.0) -> A:
        """Ask whichever replica is free. Raises the error that it answers with, ``Unavailable`` when nobody listens,
        and ``DeadlineExceeded`` when no answer comes in time."""
        asked = type(question).subject
        started = time.perf_counter()
        outcome = "unavailable"
        try:
            with tracing.span(f"ask {asked}", "client"):
                reply = await self._request(asked, question.model_dump_json().encode(), deadline_s)
            outcome = "answered"
        except DeadlineExceeded:
            outcome = "timeout"
            raise
        finally:
            ASKED.labels(asked, outcome).observe(time.perf_counter() - started)
        if (reply.headers or {}).get(ANSWER_STATUS):
            failure = Failure.model_validate_json(reply.data)
            raise from_wire(failure.status, failure.detail, failure.code)
        return cast(A, type(question).answer.model_validate_json(reply.data))

    async def _request(self, asked: str, payload: bytes, deadline_s: float) -> Msg:
        await self._reconnected(min(deadline_s, RECONNECT_PATIENCE_S))
        headers = {**context.carried(), **tracing.carried()}
        try:
            return await self._client.request(asked, payload, timeout=deadline_s, headers=headers)
        except NoRespondersError as error:
            raise Unavailable(asked.split(".")[1]) from error
        except TimeoutError as error:
            if not self._client.is_connected:
                raise Unavailable("nats") from error
            raise DeadlineExceeded(f"{asked.split('.')[1]} did not answer in time") from error
        except NatsError as error:
            raise Unavailable("nats") from error

    async def _reconnected(self, within_s: float) -> None:
        """A restart of NATS goes by unnoticed; a longer outage is told at once instead of at the deadline."""
        try:
            async with asyncio.timeout(within_s):
                while not self._client.is_connected:
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            raise Unavailable("nats") from None

    async def answer(self, kind: type[Q], handler: Callable[[Q], Awaitable[BaseModel]]) -> None:
        """Answer a question from now on; the replicas of a service share the work through a queue group."""

        async def receive(message: Msg) -> None:
            task = asyncio.create_task(_reply(self._client, message, kind, handler))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

        self._subscriptions.append(await self._client.subscribe(kind.subject, queue=self._service, cb=receive))
        await self._in_force()

    async def listen(self, kind: type[E], handler: Callable[[E], Awaitable[None]]) -> None:
        """Hear an event in every replica, once, if connected at that moment: for caches, never for facts."""

        async def receive(message: Msg) -> None:
            try:
                await handler(kind.model_validate_json(message.data))
            except Exception as error:
                log.error("event handler failed", subject=message.subject, exc_info=error)

        self._subscriptions.append(await self._client.subscribe(kind.subject, cb=receive))
        await self._in_force()

    async def hear(self, subject: str, handler: Callable[[str, bytes], None]) -> None:
        """Hear messages that are not Aviary's own, in every replica; the handler gets subject and payload."""

        async def receive(message: Msg) -> None:
            try:
                handler(message.subject, message.data)
            except Exception as error:
                log.error("handler of a foreign message failed", subject=message.subject, exc_info=error)

        self._subscriptions.append(await self._client.subscribe(subject, cb=receive))
        await self._in_force()

    async def tell(self, subject: str, payload: bytes) -> None:
        """Send a message that is not Aviary's own. It has left when this returns; nobody says whether it arrived."""
        await self._reconnected(RECONNECT_PATIENCE_S)
        try:
            await self._client.publish(subject, payload)
        except NatsError as error:
            raise Unavailable("nats") from error

    async def capture(self, captured: Capture, handler: Callable[[Sequence[Captured]], Awaitable[None]]) -> None:
        """Keep foreign messages in a stream, and handle each once per service, at least once, also those that came
        while it was down. Runs until cancelled; what the handler raised for comes again."""
        durable = f"{self._service}-{captured.stream.lower()}"
        self._consumers.add(captured.stream, durable)
        await capture_forever(self._jetstream, captured, durable, self._replicas, handler)

    async def consume(self, kind: type[E], handler: Callable[[E], Awaitable[None]], *, name: str) -> None:
        """Handle each event once per service, at least once, also those published while it was down.

        Runs until cancelled; give it to ``Tasks.supervise``. An event is acknowledged when the handler returns and
        comes again, later and later, while it raises.
        """
        durable = f"{self._service}-{name}"
        self._consumers.add(STREAM, durable)
        await consume_forever(self._jetstream, STREAM, durable, kind, handler)

    async def _in_force(self) -> None:
        """Return once the server knows our subscriptions. A flush is a ping, which the client writes ahead of what is
        still pending; the second one comes after it."""
        await self._client.flush()
        await self._client.flush()

    async def _ensure_stream(self, config: StreamConfig) -> None:
        """Before anybody publishes: an outbox is emptied in order, and what found no stream would hold up the rest."""
        deadline = asyncio.get_running_loop().time() + CONNECT_FOR_S
        while True:
            try:
                await streams.ensure(self._jetstream, config.evolve(num_replicas=self._replicas))
            except (NatsError, TimeoutError) as error:
                if asyncio.get_running_loop().time() > deadline:
                    raise Unavailable("nats", "JetStream does not answer") from error
                log.info("waiting for JetStream", error=str(error))
                await asyncio.sleep(0.5)
            else:
                return


async def _reply(client: Client, message: Msg, kind: type[Q], handler: Callable[[Q], Awaitable[BaseModel]]) -> None:
    brought = message.headers or {}
    token = request_id.set(brought.get(HEADER, "-"))
    started = time.perf_counter()
    trace = brought.get(tracing.PARENT_HEADER)
    try:
        with (
            context.about(**context.brought(brought)),
            tracing.root(f"answer {message.subject}", "server", trace) if trace else nullcontext(),
        ):
            reply = await _answer(message, kind, handler)
            status = reply.status if isinstance(reply, Failure) else 200
            log.info("question", subject=message.subject, status=status, ms=_ms_since(started))
        ANSWERED.labels(message.subject, status).inc()
        headers = {ANSWER_STATUS: str(status)} if status != 200 else None
        await client.publish(message.reply, reply.model_dump_json().encode(), headers=headers)
    finally:
        request_id.reset(token)


async def _answer(message: Msg, kind: type[Q], handler: Callable[[Q], Awaitable[BaseModel]]) -> BaseModel:
    """What the handler answers, or a ``Failure``."""
    try:
        question = kind.model_validate_json(message.data)
        context.note(**context.subjects_of(question))
        return await handler(question)
    except AviaryError as error:
        return Failure(status=error.status, detail=error.detail, code=error.code)
    except ValidationError as error:
        return Failure(status=422, detail=str(error), code="unprocessable")
    except RedisError as error:
        log.warning("cache unavailable", error=str(error))
        away = Unavailable("valkey")
        return Failure(status=away.status, detail=away.detail, code=away.code)
    except Exception as error:
        log.error("question failed", subject=message.subject, exc_info=error)
        return Failure(status=500, detail="internal error", code="internal")


def _ms_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)


async def _on_error(error: Exception) -> None:
    log.warning("nats error", error=str(error), kind=type(error).__name__)


async def _on_disconnect() -> None:
    log.warning("nats disconnected")


async def _on_reconnect() -> None:
    RECONNECTS.inc()
    log.info("nats reconnected")
