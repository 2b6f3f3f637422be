"""The bots' broker as it stands in the stack: NATS, the edge in front of it, and a responder behind it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import aiomqtt
import nats
from nats.aio.client import Client as NatsClient
from prometheus_client import REGISTRY

from aviary_common.database import Database
from aviary_common.database.migrations import migrate
from aviary_common.settings import load
from aviary_common.tasks import Tasks
from aviary_local.ports import LOOPBACK
from aviary_local.testing import Servers
from aviary_orchestration import metadata
from aviary_orchestration.broker.service import BotLogin, Broker, open_broker
from aviary_orchestration.mqtt_edge.app import create as create_edge
from aviary_orchestration.settings import OrchestrationSettings
from aviary_testing.apps import environment, running_app

MIGRATIONS = Path(metadata.__file__).parent / "migrations"
REFUSED = 0x80


@dataclass(frozen=True)
class House:
    servers: Servers
    settings: OrchestrationSettings
    database: Database
    broker: Broker

    def bot(self, login: BotLogin, client_id: str | None = None, **options: Any) -> aiomqtt.Client:
        """As Hummingbot connects; ``port`` may lead around the edge."""
        values = {
            "hostname": LOOPBACK,
            "port": self.servers.bots_broker_port,
            "username": login.username,
            "password": login.password,
            "identifier": f"hbot.{login.username}" if client_id is None else client_id,
            "timeout": 10,
        }
        return aiomqtt.Client(**(values | options))

    async def is_let_in(self, login: BotLogin, client_id: str | None = None, **options: Any) -> bool:
        try:
            async with self.bot(login, client_id, **options):
                return True
        except aiomqtt.MqttError:
            return False

    async def is_gone(self, bot_name: str) -> bool:
        return not await self.broker.connected(bot_name)

    @asynccontextmanager
    async def service(self, name: str = "orchestration") -> AsyncIterator[NatsClient]:
        user, password = self.servers.nats_user(name)
        client = await nats.connect(self.servers.nats_servers, user=user, password=password)
        try:
            yield client
        finally:
            await client.close()

    def log(self) -> str:
        """What NATS has written so far."""
        return self.servers.nats.log.read_text()

    def violations(self, topic: str) -> int:
        """How often NATS has complained that somebody published there without the right to."""
        subject = f'Subject "{topic.replace("/", ".")}"'
        return sum("Publish Violation" in line and subject in line for line in self.log().splitlines())


def load_settings(servers: Servers) -> OrchestrationSettings:
    with patch.dict(os.environ, environment(servers, "orchestration")):
        return load(OrchestrationSettings)


@asynccontextmanager
async def running_house(servers: Servers) -> AsyncIterator[House]:
    settings = load_settings(servers)
    await migrate(settings.database_url, MIGRATIONS)
    database = Database(settings)
    try:
        async with (
            running_app(create_edge, environment(servers, "mqtt-edge")),
            Tasks() as tasks,
            open_broker(settings, database, tasks) as broker,
        ):
            yield House(servers, settings, database, broker)
    finally:
        await database.close()


def refused(reason: str) -> float:
    """How many logins the callout has refused for this reason."""
    return REGISTRY.get_sample_value("aviary_bots_refused_total", {"reason": reason}) or 0.0


async def is_cut_off(client: aiomqtt.Client) -> bool:
    """Waits for messages until the connection is gone."""
    try:
        async for _ in client.messages:
            pass
    except aiomqtt.MqttError:
        return True
    return False


async def subscribe(client: aiomqtt.Client, topic: str, qos: int = 0) -> int:
    """The granted quality of service, or REFUSED: the client library itself raises for neither."""
    (code,) = await client.subscribe(topic, qos=qos)
    return code if isinstance(code, int) else int(code.value)


async def next_on(client: aiomqtt.Client, topic: str) -> aiomqtt.Message:
    async for message in client.messages:
        if str(message.topic) == topic:
            return message
    raise AssertionError("no more messages")


async def deliver(client: NatsClient) -> None:
    """Return once the server knows all that the client has asked of it."""
    await client.flush()
    await client.flush()
