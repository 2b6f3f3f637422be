"""Who is connected to NATS, and the power to end it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

import orjson
from nats.aio.client import Client
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeout
from pydantic import BaseModel, SecretStr

from aviary_common.errors import Unavailable
from aviary_orchestration.broker.connection import open_connection

USER: Final = "ops"
WHO_IS_CONNECTED: Final = "$SYS.REQ.SERVER.PING.CONNZ"
ANSWER_WITHIN_S: Final = 2.0
QUIET_S: Final = 0.25
"""In a cluster every server answers for itself; so long after the last answer no more is expected."""
RECONNECT_PATIENCE_S: Final = 1.0
LOOK_EVERY_S: Final = 0.02
AT_A_TIME: Final = 1024


class Session(NamedTuple):
    server_id: str
    cid: int
    admitted: bool
    """False while the login is still being looked at."""


class _Server(BaseModel):
    id: str


class _Connected(BaseModel):
    cid: int
    authorized_user: str = ""
    account: str = ""


class _Page(BaseModel):
    connections: list[_Connected]


class _Answer(BaseModel):
    server: _Server
    data: _Page


class Ops:
    def __init__(self, client: Client) -> None:
        self._client = client

    async def is_connected(self, user: str) -> bool:
        return any(session.admitted for session in await self._sessions(user))

    async def end_sessions(self, user: str) -> None:
        """End all connections of this user, also those whose login is still being looked at."""
        while sessions := await self._sessions(user):
            for session in sessions:
                await self._kick(session)
            if len(sessions) < AT_A_TIME:
                return

    async def _sessions(self, user: str) -> list[Session]:
        wish = orjson.dumps({"auth": True, "user": user, "limit": AT_A_TIME})
        answers = [_Answer.model_validate_json(each) for each in await self._ask_every_server(wish)]
        return [
            Session(answer.server.id, each.cid, admitted=bool(each.account))
            for answer in answers
            for each in answer.data.connections
            if each.authorized_user == user
        ]

    async def _kick(self, session: Session) -> None:
        """It may have gone by itself in the meantime: then the server's answer is an error, and all is well."""
        await self._reconnected()
        subject = f"$SYS.REQ.SERVER.{session.server_id}.KICK"
        try:
            await self._client.request(subject, orjson.dumps({"cid": session.cid}), timeout=ANSWER_WITHIN_S)
        except (NatsError, TimeoutError) as error:
            raise Unavailable("nats") from error

    async def _ask_every_server(self, wish: bytes) -> list[bytes]:
        await self._reconnected()
        inbox = self._client.new_inbox()
        try:
            subscription = await self._client.subscribe(inbox)
            try:
                await self._client.publish(WHO_IS_CONNECTED, wish, reply=inbox)
                answers = [(await subscription.next_msg(ANSWER_WITHIN_S)).data]
                while self._is_clustered and (more := await _more(subscription)):
                    answers.append(more)
            finally:
                await subscription.unsubscribe()
        except (NatsError, TimeoutError) as error:
            raise Unavailable("nats") from error
        return answers

    @property
    def _is_clustered(self) -> bool:
        return len(self._client.servers) + len(self._client.discovered_servers) > 1

    async def _reconnected(self) -> None:
        """A restart of NATS goes by unnoticed; a longer outage is told at once instead of at the deadline."""
        try:
            async with asyncio.timeout(RECONNECT_PATIENCE_S):
                while not self._client.is_connected:
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            raise Unavailable("nats") from None


async def _more(subscription: Subscription) -> bytes | None:
    try:
        return (await subscription.next_msg(QUIET_S)).data
    except NatsTimeout:
        return None


@asynccontextmanager
async def open_ops(servers: str, password: SecretStr) -> AsyncIterator[Ops]:
    async with open_connection(servers, USER, password) as connection:
        yield Ops(connection.client)
