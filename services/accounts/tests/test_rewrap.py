"""Credentials are wrapped anew while everybody reads them, and whoever is killed meanwhile begins again."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import func, select, text

from aviary_accounts.app import create
from aviary_accounts.credentials.tables import credential
from aviary_common.bus import Bus
from aviary_common.cancelling import end
from aviary_common.database import Database
from aviary_common.errors import AviaryError
from aviary_common.secrets import ConfigPassword
from aviary_common.settings import DatabaseSettings
from aviary_common.vault import Sealed, Vault, VaultError
from aviary_local.testing import Servers
from aviary_local.testing import servers as start_servers
from aviary_messages.questions import CredentialKey, GetCredential, RewrapCredentials, RewrapProgress
from aviary_testing.apps import environment, running_app
from aviary_testing.buses import bus_settings
from aviary_testing.sandbox import Sandbox
from aviary_testing.waiting import eventually

NEW = SecretStr("aNewPasswordForTheVault9")
NUMBER = 8
FIELDS = {"sandbox_api_key": "the-key", "sandbox_api_secret": "the-secret"}


@pytest.fixture(scope="module")
def own_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with start_servers(tmp_path_factory.mktemp("rewrap-servers")) as running:
        yield running


@pytest.fixture(scope="module")
def old(own_servers: Servers) -> SecretStr:
    return SecretStr(own_servers.secrets.config_password)


@pytest.fixture(scope="module")
def rotating(own_servers: Servers, sandbox: Sandbox, old: SecretStr) -> dict[str, str]:
    """The environment of a service that knows both passwords."""
    return {
        **environment(own_servers, "accounts", sandbox),
        "AVIARY_CONFIG_PASSWORD": NEW.get_secret_value(),
        "AVIARY_CONFIG_PASSWORD_OLD": old.get_secret_value(),
        "AVIARY_SNAPSHOT_EVERY_S": "0",
    }


@pytest.fixture(scope="module")
def both(old: SecretStr) -> Vault:
    return Vault(ConfigPassword(NEW, [old]))


@pytest.fixture
async def database(own_servers: Servers, rotating: dict[str, str], old: SecretStr) -> AsyncIterator[Database]:
    """With credentials under the old password."""
    async with running_app(create, rotating):
        opened = Database(DatabaseSettings(database_url=SecretStr(own_servers.database_url("accounts"))))
    vault = Vault(old)
    async with opened.transaction() as connection:
        for number in range(NUMBER):
            name = account(number)
            await connection.execute(text("insert into account (name) values (:name)"), {"name": name})
            sealed = vault.seal(FIELDS, f"{name}/sandbox").model_dump(mode="json")
            values = {"account_name": name, "connector_name": "sandbox", "sealed": sealed}
            await connection.execute(credential.insert().values(values))
    yield opened
    async with opened.single() as connection:
        await connection.execute(text("delete from account where name <> 'master_account'"))
        await connection.execute(text("delete from credential"))
    await opened.close()


@pytest.fixture
async def bus(own_servers: Servers) -> AsyncIterator[Bus]:
    """As trading has it; it may ask accounts anything."""
    opened = await Bus.connect(bus_settings(own_servers, "trading"))
    yield opened
    await opened.close()


@pytest.fixture
async def api(rotating: dict[str, str], database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with running_app(create, rotating) as client:
        yield client


def account(number: int) -> str:
    return f"account-{number:02}"


async def stored(database: Database) -> dict[str, Sealed]:
    query = select(credential.c.account_name, credential.c.sealed)
    async with database.single() as connection:
        return {name: Sealed.model_validate(sealed) for name, sealed in await connection.execute(query)}


def opens(vault: Vault, sealed: Sealed, context: str) -> bool:
    try:
        return vault.open(sealed, context) == FIELDS
    except VaultError:
        return False


async def rewrap(bus: Bus, **wanted: Any) -> tuple[int, list[RewrapProgress]]:
    """All batches; how many were wrapped."""
    batches: list[RewrapProgress] = []
    after = None
    while True:
        batches.append(await bus.ask(RewrapCredentials(after=after, **wanted), deadline_s=30))
        if (after := batches[-1].next) is None:
            return sum(batch.rewrapped for batch in batches), batches


async def test_every_credential_needs_the_new_password_only_and_its_fields_are_untouched(
    api: httpx.AsyncClient, bus: Bus, database: Database, old: SecretStr
) -> None:
    before = await stored(database)
    number, batches = await rewrap(bus)
    after = await stored(database)
    assert (number, {batch.total for batch in batches}) == (NUMBER, {NUMBER})
    assert {name: sealed.fields for name, sealed in after.items()} == {
        name: each.fields for name, each in before.items()
    }
    for name, sealed in after.items():
        assert opens(Vault(NEW), sealed, f"{name}/sandbox")
        assert not opens(Vault(old), sealed, f"{name}/sandbox")
        assert sealed.wrapped_key != before[name].wrapped_key
    assert (await rewrap(bus))[0] == 0


async def test_the_batches_meet_every_credential_once(api: httpx.AsyncClient, bus: Bus, database: Database) -> None:
    number, batches = await rewrap(bus, limit=5)
    assert [batch.rewrapped for batch in batches] == [5, 3]
    assert number == NUMBER
    _, again = await rewrap(bus, limit=5)
    assert [(batch.rewrapped, batch.current) for batch in again] == [(0, 5), (0, 3)]


async def test_renewing_gives_all_of_them_new_salts(api: httpx.AsyncClient, bus: Bus, database: Database) -> None:
    await rewrap(bus)
    before = await stored(database)
    assert (await rewrap(bus, renew=True))[0] == NUMBER
    after = await stored(database)
    assert not {each.salt for each in before.values()} & {each.salt for each in after.values()}
    assert all(opens(Vault(NEW), sealed, f"{name}/sandbox") for name, sealed in after.items())


async def test_what_no_password_opens_is_named_and_stays_and_the_others_are_done(
    api: httpx.AsyncClient, bus: Bus, database: Database
) -> None:
    foreign = Vault(SecretStr("somebodyElse'sPassword")).seal(FIELDS, f"{account(3)}/sandbox").model_dump(mode="json")
    async with database.single() as connection:
        await connection.execute(
            credential.update().where(credential.c.account_name == account(3)).values(sealed=foreign)
        )
    number, batches = await rewrap(bus)
    refused = [key for batch in batches for key in batch.refused]
    assert (number, refused) == (NUMBER - 1, [CredentialKey(account_name=account(3), connector_name="sandbox")])
    assert (await stored(database))[account(3)] == Sealed.model_validate(foreign)


async def test_a_record_that_was_moved_to_another_account_is_refused(
    api: httpx.AsyncClient, bus: Bus, database: Database
) -> None:
    moved = (await stored(database))[account(1)].model_dump(mode="json")
    async with database.single() as connection:
        await connection.execute(
            credential.update().where(credential.c.account_name == account(2)).values(sealed=moved)
        )
    _, batches = await rewrap(bus)
    assert [key.account_name for batch in batches for key in batch.refused] == [account(2)]


async def test_a_credential_that_is_replaced_meanwhile_keeps_the_replacement(
    api: httpx.AsyncClient, bus: Bus, database: Database
) -> None:
    replacement = Vault(NEW).seal({"sandbox_api_key": "newer"}, f"{account(0)}/sandbox").model_dump(mode="json")
    async with database.transaction() as connection:
        await connection.execute(
            credential.update().where(credential.c.account_name == account(0)).values(sealed=replacement)
        )
        asking = asyncio.create_task(bus.ask(RewrapCredentials(limit=1), deadline_s=30))
        await eventually(lambda: someone_waits_for_a_lock(database))
    progress = await asking
    assert (progress.rewrapped, progress.current) == (0, 1)
    assert (await stored(database))[account(0)] == Sealed.model_validate(replacement)


async def someone_waits_for_a_lock(database: Database) -> bool:
    async with database.single() as connection:
        return bool(await connection.scalar(text("select count(*) from pg_locks where not granted")))


class Readers:
    """Ask for credentials all the time and open what they get, as trading does with both passwords."""

    def __init__(self, bus: Bus, vault: Vault) -> None:
        self._bus = bus
        self._vault = vault
        self.answers: Counter[str] = Counter()
        self.complaints: list[str] = []

    async def read_forever(self, start: int) -> None:
        number = start
        while True:
            number = (number + 1) % NUMBER
            name = account(number)
            try:
                answer = await self._bus.ask(GetCredential(account_name=name, connector_name="sandbox"))
                fields = await asyncio.to_thread(self._vault.open, answer.sealed, answer.context)
            except AviaryError as error:
                self.complaints.append(error.detail)
            else:
                assert fields == FIELDS
                self.answers[name] += 1


async def test_no_reader_notices(api: httpx.AsyncClient, bus: Bus, database: Database, both: Vault) -> None:
    readers = Readers(bus, both)
    reading = [asyncio.create_task(readers.read_forever(start)) for start in range(3)]
    await eventually(lambda: sum(readers.answers.values()) > 5)
    assert (await rewrap(bus, limit=2))[0] == NUMBER
    seen = sum(readers.answers.values())
    await eventually(lambda: sum(readers.answers.values()) > seen + NUMBER)
    assert not [task for task in reading if task.done()], "a reader could not open what it got"
    await end(*reading)
    assert readers.complaints == []


@contextmanager
def process(variables: dict[str, str], log: Path) -> Iterator[Callable[[], None]]:
    """The service as a process of its own; the call kills it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "aviary_common.serve", "aviary_accounts"]
    env = {**os.environ, **variables, "AVIARY_LISTEN": f"127.0.0.1:{port}"}
    with log.open("ab") as words, subprocess.Popen(command, env=env, stdout=words, stderr=words) as running:

        def kill() -> None:
            running.send_signal(signal.SIGKILL)
            running.wait()

        try:
            yield kill
        finally:
            kill()


async def answers(bus: Bus) -> bool:
    try:
        await bus.ask(GetCredential(account_name=account(0), connector_name="sandbox"))
    except AviaryError:
        return False
    return True


async def done(database: Database) -> int:
    vault = Vault(NEW)
    return sum(vault.is_current(sealed, f"{name}/sandbox") for name, sealed in (await stored(database)).items())


async def test_killed_in_the_middle_it_loses_nothing_and_the_next_run_finishes(
    rotating: dict[str, str], bus: Bus, database: Database, both: Vault, old: SecretStr, tmp_path: Path
) -> None:
    first = await stored(database)
    with process(rotating, tmp_path / "log") as kill:
        await eventually(lambda: answers(bus))
        asking = asyncio.create_task(bus.ask(RewrapCredentials(limit=100), deadline_s=30))
        await eventually(lambda: has_changed(database, first))
        kill()
        await end(asking)
    halfway = await done(database)
    assert 0 < halfway < NUMBER
    assert all(opens(both, sealed, f"{name}/sandbox") for name, sealed in (await stored(database)).items())
    with process(rotating, tmp_path / "log"):
        await eventually(lambda: answers(bus))
        number, _ = await rewrap(bus)
    assert number == NUMBER - halfway
    assert await done(database) == NUMBER


async def has_changed(database: Database, before: dict[str, Sealed]) -> bool:
    query = select(func.count()).where(
        credential.c.sealed.not_in([each.model_dump(mode="json") for each in before.values()])
    )
    async with database.single() as connection:
        return bool(await connection.scalar(query))
