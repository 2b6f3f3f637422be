"""Who may come in, and how somebody is thrown out."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import aiomqtt
import nats
import pytest
from nats.errors import Error as NatsError
from sqlalchemy import select

from aviary_common.cancelling import end
from aviary_common.errors import BadRequest
from aviary_local.nats import AUTH_USER, OPERATOR_USER, OPS_USER
from aviary_orchestration.broker import store
from aviary_orchestration.broker.passwords import PasswordHash
from aviary_orchestration.broker.service import BotLogin
from aviary_orchestration.broker.tables import bot_identity
from aviary_testing.waiting import eventually

from .house import REFUSED, House, is_cut_off, next_on, refused, subscribe

NewName = Callable[[], str]


async def test_a_bot_logs_in_with_what_it_was_given(house: House, new_name: NewName) -> None:
    login = await house.broker.admit(new_name())
    assert not await house.broker.connected(login.username)
    async with house.bot(login):
        assert await house.broker.connected(login.username)
    await eventually(lambda: house.is_gone(login.username))


async def test_a_password_has_256_bits_and_is_kept_as_a_hash(house: House, new_name: NewName) -> None:
    login = await house.broker.admit(new_name())
    assert len(bytes.fromhex(login.password)) == 32
    assert login.password not in repr(login)
    async with house.database.single() as connection:
        row = (await connection.execute(select(bot_identity).where(bot_identity.c.bot_name == login.username))).one()
    assert login.password.encode() not in row.password_hash + row.salt
    assert len(row.salt) == 16


async def test_a_wrong_password_is_refused(house: House, new_name: NewName) -> None:
    login, other = await house.broker.admit(new_name()), await house.broker.admit(new_name())
    before = refused("wrong_password")
    assert not await house.is_let_in(BotLogin(login.username, other.password))
    assert not await house.is_let_in(BotLogin(login.username, ""))
    assert refused("wrong_password") == before + 2


async def test_an_unknown_bot_is_refused(house: House, new_name: NewName) -> None:
    before = refused("unknown_bot")
    assert not await house.is_let_in(BotLogin(new_name(), "anything"))
    assert refused("unknown_bot") == before + 1


@pytest.mark.parametrize("name", [">", "*", "a.b", "hbot.>", "$SYS", "x" * 65])
async def test_a_name_that_is_none_is_refused_before_anything_else(house: House, name: str) -> None:
    before = refused("bad_name")
    assert not await house.is_let_in(BotLogin(name, "anything"), "client")
    assert refused("bad_name") == before + 1


async def test_without_a_user_nobody_comes_in(house: House) -> None:
    nobody = BotLogin("nobody", "nothing")
    assert not await house.is_let_in(nobody, username=None, password=None)


async def test_revoking_disconnects_at_once_and_for_good(house: House, new_name: NewName) -> None:
    login = await house.broker.admit(new_name())
    async with house.bot(login) as client:
        await house.broker.revoke(login.username)
        assert await is_cut_off(client)
    assert not await house.broker.connected(login.username)
    assert not await house.is_let_in(login)


async def test_every_connection_of_a_revoked_bot_ends_and_nobody_elses(house: House, new_name: NewName) -> None:
    login, other = await house.broker.admit(new_name()), await house.broker.admit(new_name())
    async with house.bot(login, "one") as one, house.bot(login, "two") as two, house.bot(other):
        await house.broker.revoke(login.username)
        assert await is_cut_off(one)
        assert await is_cut_off(two)
        assert await house.broker.connected(other.username)


async def test_revoking_twice_or_nobody_is_fine(house: House, new_name: NewName) -> None:
    login = await house.broker.admit(new_name())
    await house.broker.revoke(login.username)
    await house.broker.revoke(login.username)
    await house.broker.revoke(new_name())


async def test_a_new_password_ends_the_session_of_the_old_one(house: House, new_name: NewName) -> None:
    old = await house.broker.admit(new_name())
    async with house.bot(old) as client:
        new = await house.broker.admit(old.username)
        assert await is_cut_off(client)
    assert not await house.is_let_in(old)
    assert await house.is_let_in(new)


async def test_whoever_logs_in_while_being_revoked_does_not_stay(house: House, new_name: NewName) -> None:
    """Logins and the end of the right to them overlap in all ways; afterwards nobody is connected."""
    login = await house.broker.admit(new_name())

    async def come_back_whenever_cut_off(number: int) -> None:
        while True:
            with suppress(aiomqtt.MqttError):
                async with house.bot(login, f"client {number}") as client:
                    await is_cut_off(client)

    bots = [asyncio.create_task(come_back_whenever_cut_off(number)) for number in range(8)]
    try:
        for _ in range(5):
            await eventually(lambda: house.broker.connected(login.username))
            await house.broker.revoke(login.username)
            assert not await house.broker.connected(login.username)
            before = refused("unknown_bot")
            await eventually(lambda: refused("unknown_bot") > before + 8)  # noqa: B023
            assert not await house.broker.connected(login.username)
            async with house.database.single() as connection:
                await store.put(connection, login.username, PasswordHash.of(login.password))
    finally:
        await end(*bots)


@pytest.mark.parametrize("name", ["orchestration", "accounts", "ops", "auth", "operator", ">", "a.b"])
async def test_a_service_is_no_bot(house: House, name: str) -> None:
    for command in (house.broker.admit, house.broker.revoke, house.broker.connected):
        with pytest.raises(BadRequest):
            await command(name)


async def test_static_users_cannot_come_in_over_mqtt(house: House) -> None:
    made = house.servers.secrets
    passwords = {
        AUTH_USER: made.nats_auth_password,
        OPS_USER: made.nats_ops_password,
        OPERATOR_USER: made.nats_operator_password,
        "orchestration": house.servers.nats_user("orchestration")[1],
        "trading": house.servers.nats_user("trading")[1],
    }
    for name, password in passwords.items():
        login = BotLogin(name, password)
        assert not await house.is_let_in(login), name
        assert not await house.is_let_in(login, f"{name}/x", port=house.servers.mqtt_port), name


async def test_a_bots_login_is_for_mqtt_only(house: House, new_name: NewName) -> None:
    login, before = await house.broker.admit(new_name()), refused("not_mqtt")
    with pytest.raises(NatsError):
        await nats.connect(
            house.servers.nats_servers,
            user=login.username,
            password=login.password,
            allow_reconnect=False,
            error_cb=_ignore,
        )
    assert refused("not_mqtt") > before


async def test_anothers_client_id_cannot_be_taken(house: House, new_name: NewName) -> None:
    """Neither through the edge, where the same id is another one, nor around it."""
    thief, victim = await house.broker.admit(new_name()), await house.broker.admit(new_name())
    async with house.bot(victim, "hbot.shared") as client:
        assert await house.is_let_in(thief, "hbot.shared")
        before = refused("foreign_client_id")
        stolen = f"{victim.username.replace('_', '_5F')}/hbot_2Eshared"
        assert not await house.is_let_in(thief, stolen, port=house.servers.mqtt_port)
        assert refused("foreign_client_id") == before + 1
        topic = f"hbot/{victim.username}/alive"
        assert await subscribe(client, topic) != REFUSED
        await client.publish(topic, b"yes", qos=1)
        assert (await next_on(client, topic)).payload == b"yes"


async def test_two_sessions_of_one_client_id_still_replace_each_other(house: House, new_name: NewName) -> None:
    login = await house.broker.admit(new_name())
    async with house.bot(login) as earlier, house.bot(login):
        assert await is_cut_off(earlier)


@pytest.mark.parametrize("client_id", ["hbot.bot.1", "", "x y*>z#+/$", "Vögel", "n" * 200])
async def test_any_client_id_is_taken(house: House, new_name: NewName, client_id: str) -> None:
    login = await house.broker.admit(new_name())
    assert await house.is_let_in(login, client_id)


async def test_the_inner_port_refuses_hummingbots_client_id(house: House, new_name: NewName) -> None:
    """Why the edge is there. When this fails one day, the edge may go."""
    login = await house.broker.admit(new_name())
    assert not await house.is_let_in(login, f"hbot.{login.username}", port=house.servers.mqtt_port)


async def _ignore(_: Exception) -> None:
    pass
