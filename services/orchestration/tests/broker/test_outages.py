"""What bots notice when a part of the broker goes away, and that everything comes back by itself."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from aviary_common.errors import Unavailable
from aviary_common.tasks import Tasks
from aviary_local.ports import LOOPBACK, free_ports
from aviary_local.testing import Servers
from aviary_local.testing import servers as start_servers
from aviary_orchestration.broker import callout
from aviary_orchestration.broker.callout import Callout
from aviary_orchestration.broker.connection import Connection, open_connection
from aviary_orchestration.broker.service import BotLogin
from aviary_testing.apps import environment
from aviary_testing.waiting import eventually

from .house import House, is_cut_off, refused, running_house

NewName = Callable[[], str]


@pytest.fixture(scope="module")
def own_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """To break."""
    with start_servers(tmp_path_factory.mktemp("broker-servers")) as running:
        yield running


@pytest.fixture(scope="module")
async def own_house(own_servers: Servers) -> AsyncIterator[House]:
    async with running_house(own_servers) as running:
        yield running


async def test_after_a_restart_of_nats_bots_come_back(own_house: House, new_name: NewName) -> None:
    login = await own_house.broker.admit(new_name())
    async with own_house.bot(login) as client:
        own_house.servers.nats.stop()
        assert await is_cut_off(client)
    assert not await own_house.is_let_in(login)
    own_house.servers.nats.start()
    await eventually(lambda: own_house.is_let_in(login))
    await eventually(lambda: own_house.is_gone(login.username))


async def test_without_nats_the_broker_says_so_and_a_repeated_command_completes(
    own_house: House, new_name: NewName
) -> None:
    login = await own_house.broker.admit(new_name())
    own_house.servers.nats.stop()
    try:
        for command in (own_house.broker.revoke, own_house.broker.connected, own_house.broker.admit):
            with pytest.raises(Unavailable) as away:
                await command(login.username)
            assert away.value.component == "nats"
    finally:
        own_house.servers.nats.start()
    await own_house.broker.revoke(login.username)
    assert not await own_house.is_let_in(login)
    new = await own_house.broker.admit(login.username)
    await eventually(lambda: own_house.is_let_in(new))


async def test_without_the_database_new_bots_are_refused_at_once_and_others_stay(
    own_house: House, new_name: NewName
) -> None:
    login, other = await own_house.broker.admit(new_name()), await own_house.broker.admit(new_name())
    async with own_house.bot(other) as connected:
        own_house.servers.postgres.stop()
        try:
            before = refused("database_down")
            assert not await own_house.is_let_in(login)
            assert refused("database_down") == before + 1
            await connected.publish(f"hbot/{other.username}/status", b"alive", qos=1)
            with pytest.raises(Unavailable, match="database"):
                await own_house.broker.admit(new_name())
        finally:
            own_house.servers.postgres.start()
    await eventually(lambda: own_house.is_let_in(login))


async def test_a_database_that_hangs_is_an_answer_before_nats_gives_up(own_house: House, new_name: NewName) -> None:
    login = await own_house.broker.admit(new_name())
    assert await own_house.is_let_in(login)
    before = refused("database_slow")
    async with own_house.database.transaction() as connection:
        await connection.execute(text("lock table bot_identity"))
        assert not await own_house.is_let_in(login)
    assert refused("database_slow") == before + 1
    await eventually(lambda: own_house.is_let_in(login))


async def test_one_of_two_responders_is_killed_and_bots_still_come_in(
    own_house: House, new_name: NewName, tmp_path: Path
) -> None:
    """The dead one takes questions with it; those bots are refused once and come in when they try again."""
    logins = [await own_house.broker.admit(new_name()) for _ in range(20)]
    log = tmp_path / "replica.log"
    async with _second_replica(own_house.servers, log) as (process, url):
        async with httpx.AsyncClient() as client:
            await eventually(lambda: _has_admitted_somebody(own_house, logins, client, url))
        coming = [asyncio.create_task(_come_in(own_house, login)) for login in logins * 3]
        process.kill()
        await asyncio.gather(*coming)
        await process.wait()
    for login in logins:
        assert await own_house.is_let_in(login)
    told = log.read_text() + own_house.log()
    assert "bot admitted" in told
    assert not any(login.password in told for login in logins)


async def test_a_connection_that_is_lost_for_good_is_replaced(
    own_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client library gives up when the server tells it certain errors."""
    opened: list[Connection] = []

    @asynccontextmanager
    async def remember(*arguments: Any) -> AsyncIterator[Connection]:
        async with open_connection(*arguments) as connection:
            opened.append(connection)
            yield connection

    monkeypatch.setattr(callout, "open_connection", remember)
    async with Tasks() as tasks:
        responder = Callout(own_house.settings, own_house.database)
        tasks.supervise("lost callout", responder.answer_forever)
        await responder.listening()
        await opened[0].client.close()
        await eventually(lambda: len(opened) == 2)
        await responder.listening()
        assert opened[1].client.is_connected


async def _come_in(house: House, login: BotLogin) -> None:
    """Each try under an id of its own, so that tries of one bot do not replace each other."""
    await eventually(lambda: house.is_let_in(login, ""))


async def _has_admitted_somebody(house: House, logins: list[BotLogin], client: httpx.AsyncClient, url: str) -> bool:
    await asyncio.gather(*(house.is_let_in(login) for login in logins))
    metrics = (await client.get(f"{url}/metrics")).text
    return any(
        line.startswith("aviary_bots_admitted_total") and float(line.split()[1]) > 0 for line in metrics.splitlines()
    )


@asynccontextmanager
async def _second_replica(servers: Servers, log: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """Orchestration in a process of its own, ready."""
    listen = f"{LOOPBACK}:{free_ports(1)[0]}"
    told = environment(servers, "orchestration") | {"AVIARY_LISTEN": listen, "AVIARY_LOG_LEVEL": "DEBUG"}
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "aviary_common.serve", "aviary_orchestration"),
            env=os.environ | told,
            stdout=output,
            stderr=output,
        )
    try:
        async with httpx.AsyncClient() as client:
            await eventually(lambda: _is_ready(client, f"http://{listen}"), within_s=60)
        yield process, f"http://{listen}"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _is_ready(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(f"{url}/readyz")).status_code == 200
    except httpx.TransportError:
        return False
