"""The bots' identities at the broker: given, taken away, and seen at work."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aviary_common import logs
from aviary_common.database import Database
from aviary_common.tasks import Tasks
from aviary_orchestration.broker import store
from aviary_orchestration.broker.callout import Callout
from aviary_orchestration.broker.ops import Ops, open_ops
from aviary_orchestration.broker.passwords import PasswordHash, new_password
from aviary_orchestration.broker.rights import require_bot_name
from aviary_orchestration.broker.settings import BrokerSettings

log = logs.get(__name__)


@dataclass(frozen=True)
class BotLogin:
    """What a bot logs in with. The password is told once: only its hash is kept."""

    username: str
    password: str = field(repr=False)


class Broker:
    """Every method raises ``BadRequest`` for what cannot be a bot's name, and ``Unavailable`` with the name of what is
    away. Repeating a call that failed completes it."""

    def __init__(self, database: Database, ops: Ops) -> None:
        self._database = database
        self._ops = ops

    async def admit(self, bot_name: str) -> BotLogin:
        """Give the bot a new login. An earlier one is worth nothing from now on, and who used it is disconnected."""
        require_bot_name(bot_name)
        login = BotLogin(bot_name, new_password())
        async with self._database.single() as connection:
            await store.put(connection, bot_name, PasswordHash.of(login.password))
        await self._ops.end_sessions(bot_name)
        log.info("bot has a login", bot=bot_name)
        return login

    async def revoke(self, bot_name: str) -> None:
        """Take the login away, if there is one, and disconnect who used it. The order matters: whoever logs in in
        between is either refused or seen by the second step."""
        require_bot_name(bot_name)
        async with self._database.single() as connection:
            await store.remove(connection, bot_name)
        await self._ops.end_sessions(bot_name)
        log.info("bot has no login any more", bot=bot_name)

    async def connected(self, bot_name: str) -> bool:
        """Whether the bot is connected to the broker now."""
        require_bot_name(bot_name)
        return await self._ops.is_connected(bot_name)


@asynccontextmanager
async def open_broker(settings: BrokerSettings, database: Database, tasks: Tasks) -> AsyncIterator[Broker]:
    """Bots can log in once this has been entered, until the tasks are closed."""
    callout = Callout(settings, database)
    tasks.supervise("callout", callout.answer_forever)
    await callout.listening()
    async with open_ops(settings.nats_servers, settings.nats_ops_password) as ops:
        yield Broker(database, ops)
