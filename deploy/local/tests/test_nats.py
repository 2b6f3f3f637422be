"""The rights of each service's NATS user, against the real server."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error

from aviary_local.testing import Servers
from aviary_testing.waiting import eventually


@asynccontextmanager
async def connected(servers: Servers, service: str) -> AsyncIterator[tuple[Client, list[Exception]]]:
    """A client of that service, and what the server has complained about."""
    complaints: list[Exception] = []

    async def complain(error: Exception) -> None:
        complaints.append(error)

    user, password = servers.nats_user(service)
    client = await nats.connect(
        servers.nats_servers, user=user, password=password, inbox_prefix=f"_INBOX.{service}".encode(), error_cb=complain
    )
    try:
        yield client, complaints
    finally:
        await client.close()


async def nothing(_: object) -> None:
    pass


@pytest.mark.parametrize("subject", ["rpc.trading.>", "_INBOX.trading.>", "_INBOX.>", ">", "hbot.>", "$SYS.>", "rpc.>"])
async def test_a_service_cannot_listen_to_anothers_requests_or_answers(real_servers: Servers, subject: str) -> None:
    async with connected(real_servers, "accounts") as (client, complaints):
        await client.subscribe(subject, cb=nothing)
        await client.flush()
        await eventually(
            lambda: any("permissions violation for subscription" in str(each).lower() for each in complaints)
        )


@pytest.mark.parametrize(
    "subject", ["aviary.trading.order.filled", "rpc.orchestration.deploy", "hbot.bot.start", "$SYS.x"]
)
async def test_a_service_cannot_speak_for_another(real_servers: Servers, subject: str) -> None:
    async with connected(real_servers, "market-data") as (client, complaints):
        await client.publish(subject, b"{}")
        await client.flush()
        await eventually(lambda: any("permissions violation for publish" in str(each).lower() for each in complaints))


async def test_allowed_requests_are_answered_and_events_heard(real_servers: Servers) -> None:
    async with (
        connected(real_servers, "trading") as (trading, _),
        connected(real_servers, "accounts") as (accounts, wrong),
    ):

        async def answer(message: Msg) -> None:
            await message.respond(b"balances")

        await trading.subscribe("rpc.trading.balances", cb=answer)
        heard = await accounts.subscribe("aviary.trading.>")
        await trading.flush()
        await accounts.flush()
        reply = await accounts.request("rpc.trading.balances", b"", timeout=2)
        assert reply.data == b"balances"
        await trading.publish("aviary.trading.order.filled", b"{}")
        assert (await heard.next_msg(timeout=2)).subject == "aviary.trading.order.filled"
        assert wrong == []


async def test_every_service_may_use_jetstream(real_servers: Servers) -> None:
    async with connected(real_servers, "trading") as (client, complaints):
        stream = client.jetstream()
        await stream.add_stream(name="RIGHTS", subjects=["aviary.trading.rights"])
        await stream.publish("aviary.trading.rights", b"1")
        pulled = await (await stream.pull_subscribe("aviary.trading.rights", durable="rights")).fetch(1, timeout=2)
        await pulled[0].ack_sync()
        await stream.delete_stream("RIGHTS")
        assert complaints == []


async def test_orchestration_hears_the_bots(real_servers: Servers) -> None:
    async with connected(real_servers, "orchestration") as (client, complaints):
        heard = await client.subscribe("hbot.>")
        await client.publish("hbot.bot_1.start", b"{}")
        assert (await heard.next_msg(timeout=2)).data == b"{}"
        assert complaints == []


async def test_a_wrong_password_is_refused(real_servers: Servers) -> None:
    with pytest.raises((Error, OSError)):
        await nats.connect(real_servers.nats_servers, user="accounts", password="wrong", allow_reconnect=False)


@pytest.mark.parametrize("user", ["accounts", "orchestration", "auth", "ops", "operator"])
def test_static_users_cannot_log_in_over_mqtt(real_servers: Servers, user: str) -> None:
    made = real_servers.secrets
    passwords = {
        "auth": made.nats_auth_password,
        "ops": made.nats_ops_password,
        "operator": made.nats_operator_password,
    }
    password = passwords.get(user) or real_servers.nats_user(user)[1]
    assert mqtt_connect(real_servers.mqtt_port, user, password) == 5


def mqtt_connect(port: int, user: str, password: str) -> int:
    """The return code of an MQTT 3.1.1 CONNECT: 0 accepted, 5 not authorized."""

    def text(value: str) -> bytes:
        return len(value).to_bytes(2, "big") + value.encode()

    body = text("MQTT") + b"\x04\xc2\x00\x3c" + text("client") + text(user) + text(password)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as wire:
        wire.sendall(b"\x10" + bytes([len(body)]) + body)
        return wire.recv(4)[3]
