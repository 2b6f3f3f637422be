"""Answers NATS' question whether a client may log in.

The replicas of this service share the questions through a queue group. A question carries the password in clear text,
so nothing of it but the user name is ever logged.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from prometheus_client import Counter

from aviary_common import logs
from aviary_common.cancelling import end
from aviary_common.database import Database
from aviary_common.errors import Unavailable
from aviary_orchestration.broker import client_ids, jwt, rights, store
from aviary_orchestration.broker.connection import Connection, open_connection
from aviary_orchestration.broker.keys import AccountKey
from aviary_orchestration.broker.settings import BrokerSettings

log = logs.get(__name__)

USER: Final = "auth"
QUESTIONS: Final = "$SYS.REQ.USER.AUTH"
QUEUE: Final = "callout"
LISTENING_WITHIN_S: Final = 10.0
DECIDE_WITHIN_S: Final = 1.5
"""NATS itself refuses a client whose question is not answered within two seconds."""
FINISH_WITHIN_S: Final = 2.0
LONGEST_NAME_TOLD: Final = 64

ADMITTED: Final = Counter("aviary_bots_admitted_total", "Bots that the broker let in")
REFUSED: Final = Counter("aviary_bots_refused_total", "Logins that the broker refused", ["reason"])
for _usual in ("unknown_bot", "wrong_password", "database_down"):
    REFUSED.labels(_usual)


class Callout:
    def __init__(self, settings: BrokerSettings, database: Database, now: Callable[[], float] = time.time) -> None:
        self._servers = settings.nats_servers
        self._password = settings.nats_auth_password
        self._key = AccountKey.from_seed(settings.nats_callout_seed.get_secret_value())
        self._database = database
        self._now = now
        self._listening = asyncio.Event()
        self._answering: set[asyncio.Task[None]] = set()

    async def listening(self) -> None:
        """Return once bots can log in."""
        try:
            async with asyncio.timeout(LISTENING_WITHIN_S):
                await self._listening.wait()
        except TimeoutError:
            raise Unavailable("nats", "NATS does not let the bots' login service in.") from None

    async def answer_forever(self) -> None:
        """Runs until cancelled, and then answers the questions that it has; give it to ``Tasks.supervise``."""
        async with open_connection(self._servers, USER, self._password) as connection:
            subscription = await connection.client.subscribe(QUESTIONS, queue=QUEUE, cb=self._take)
            try:
                await connection.in_force()
                self._listening.set()
                await connection.lost()
            finally:
                self._listening.clear()
                await self._finish(connection, subscription)

    async def _take(self, message: Msg) -> None:
        task = asyncio.create_task(self._answer(message))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer(self, message: Msg) -> None:
        """The answer does not wait for a database that hangs; only the task that looks something up there does."""
        try:
            question = jwt.read_question(message.data)
        except jwt.BadToken as error:
            REFUSED.labels("bad_question").inc()
            log.warning("not a question of NATS", reason=str(error))
            return
        judging = asyncio.create_task(self._judge(question))
        try:
            await asyncio.wait({judging}, timeout=DECIDE_WITHIN_S)
            await message.respond(self._verdict(question, judging))
        except NatsError as error:
            log.warning("login not answered", error=str(error), kind=type(error).__name__)
        except Exception as error:
            log.error("login not answered", exc_info=error)
        finally:
            await end(judging)

    async def _judge(self, question: jwt.Question) -> str | None:
        """Why the client has to stay outside, as a label for metrics and logs; None when it may come in."""
        login = question.connect_opts
        if objection := objection_to(question):
            return objection
        try:
            async with self._database.single() as connection:
                stored = await store.find(connection, login.user)
        except Unavailable:
            return "database_down"
        if stored is None:
            return "unknown_bot"
        return None if stored.matches(login.password.get_secret_value()) else "wrong_password"

    def _verdict(self, question: jwt.Question, judging: "asyncio.Task[str | None]") -> bytes:
        user, now_s = question.connect_opts.user, int(self._now())
        reason = _reason(judging)
        if reason is None:
            ADMITTED.inc()
            log.info("bot admitted", bot=user)
            return jwt.admission(self._key, question, user, now_s)
        REFUSED.labels(reason).inc()
        log.warning("bot refused", user=user[:LONGEST_NAME_TOLD], reason=reason)
        return jwt.refusal(self._key, question, reason, now_s)

    async def _finish(self, connection: Connection, subscription: Subscription) -> None:
        try:
            async with asyncio.timeout(FINISH_WITHIN_S):
                await subscription.drain()  # type: ignore[no-untyped-call]
                if self._answering:
                    await asyncio.wait(self._answering)
                await connection.client.flush()
        except (NatsError, TimeoutError) as error:
            log.info("left without finishing", error=str(error), logins=len(self._answering))
        await end(*self._answering)


def objection_to(question: jwt.Question) -> str | None:
    """What can be said before the password is looked at. NATS' NATS protocol is for services; and a client id that does
    not belong to the user would throw out, or take over, somebody else's session."""
    user = question.connect_opts.user
    if not rights.may_be_a_bot(user):
        return "bad_name"
    if question.client_info.type != "mqtt":
        return "not_mqtt"
    if not question.client_info.mqtt_id.startswith(client_ids.prefix(user.encode())):
        return "foreign_client_id"
    return None


def _reason(judging: "asyncio.Task[str | None]") -> str | None:
    if not judging.done():
        return "database_slow"
    if error := judging.exception():
        log.error("login failed", exc_info=error)
        return "failed"
    return judging.result()
