"""``aviary keys rotate`` on the running stack, under load: no request fails, and it can be interrupted anywhere."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import httpx
import psycopg
import pytest
from pydantic import SecretStr

from aviary_common.cancelling import end
from aviary_common.vault import Sealed, Vault, VaultError
from aviary_local import secrets as secrets_file
from aviary_local.postgres import Postgres
from aviary_local.topology import ACCOUNTS, POSTGRES
from tests.e2e.trader import Trader, new_trader
from tests.stack import AVIARY, Stack, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


def sealed_records(stack: Stack) -> dict[str, Sealed]:
    """By what each is bound to."""
    made = secrets_file.load(stack.data / "secrets.env", {})
    postgres = Postgres(stack.data / "postgres", stack.port_base + POSTGRES.ports["postgres"], made)
    with psycopg.connect(postgres.url(ACCOUNTS).replace("+psycopg", "")) as connection:
        rows = connection.execute("select account_name || '/' || connector_name, sealed from credential").fetchall()
    return {str(context): Sealed.model_validate(sealed) for context, sealed in rows}


def opens(password: str, sealed: Sealed, context: str) -> bool:
    try:
        return bool(Vault(SecretStr(password)).open(sealed, context))
    except VaultError:
        return False


class Load:
    """A trader at work, and all that was refused meanwhile."""

    def __init__(self, trader: Trader, writer: Trader) -> None:
        self._trader = trader
        self._writer = writer
        self.done = 0
        self.refused: list[str] = []

    async def work(self) -> None:
        while True:
            placed = await self._send("POST", "/trading/orders", json=self._order())
            if placed is not None:
                order_id = placed.json()["client_order_id"]
                path = f"/trading/{self._trader.account}/sandbox/orders/{order_id}/cancel"
                await self._send("POST", path)
            await self._send("POST", "/portfolio/state", json={"account_names": [self._trader.account]})
            await self._send("GET", f"/accounts/{self._trader.account}/credentials")

    async def renew_credentials(self) -> None:
        """On an account of its own: credentials are sealed all the time."""
        while True:
            body = {"api_key": self._writer.key, "api_secret": self._writer.secret}
            await self._send("POST", f"/accounts/add-credential/{self._writer.account}/sandbox", json=body)
            await asyncio.sleep(1)

    async def _send(self, method: str, path: str, **arguments: object) -> httpx.Response | None:
        try:
            answer = await self._trader.client.request(method, path, **arguments)  # type: ignore[arg-type]
        except httpx.HTTPError as error:
            self.refused.append(f"{method} {path}: {error!r}")
            return None
        self.done += 1
        if answer.is_success:
            return answer
        self.refused.append(f"{method} {path}: {answer.status_code} {answer.text}")
        return None

    async def agrees(self) -> bool:
        return await self._trader.agrees()

    def _order(self) -> dict[str, str]:
        return {
            "account_name": self._trader.account,
            "connector_name": "sandbox",
            "trading_pair": "BTC-USDT",
            "trade_type": "BUY",
            "order_type": "LIMIT",
            "amount": "0.0002",
            "price": "30000",
        }


@pytest.fixture
async def load(trader: Trader, client: httpx.AsyncClient, venue: httpx.AsyncClient) -> Load:
    return Load(trader, await new_trader(client, venue))


@asynccontextmanager
async def under(load: Load) -> AsyncIterator[None]:
    workers = [asyncio.create_task(load.work()), asyncio.create_task(load.renew_credentials())]
    try:
        yield
    finally:
        ended = [worker for worker in workers if worker.done()]
        await end(*workers)
        assert ended == []


@pytest.fixture(autouse=True)
def nothing_is_left_half_done(stack: Stack) -> Iterator[None]:
    """A test that failed must not make those after it fail."""
    yield
    if "AVIARY_CONFIG_PASSWORD_OLD" in stack.secrets:
        stack.run("keys", "rotate", check=False)


async def rotate(stack: Stack, *options: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(stack.run, "keys", "rotate", *options, check=False)


async def test_under_load_every_credential_changes_its_key_and_no_request_fails(
    stack: Stack, trader: Trader, load: Load
) -> None:
    old = stack.secrets["AVIARY_CONFIG_PASSWORD"]
    before = sealed_records(stack)
    async with under(load):
        told = await rotate(stack)
        assert told.returncode == 0, told.stdout + told.stderr
        settled = load.done
        async with asyncio.timeout(30):
            while load.done < settled + 20:
                await asyncio.sleep(0.05)
    assert load.refused == []
    new = stack.secrets["AVIARY_CONFIG_PASSWORD"]
    assert new != old
    assert "AVIARY_CONFIG_PASSWORD_OLD" not in stack.secrets
    assert new not in told.stdout + told.stderr
    after = sealed_records(stack)
    assert before.keys() <= after.keys()
    assert [context for context, sealed in after.items() if not opens(new, sealed, context)] == []
    assert [context for context, sealed in after.items() if opens(old, sealed, context)] == []
    context = f"{trader.account}/sandbox"
    assert after[context].fields == before[context].fields
    assert await trader.agrees()


def environments(stack: Stack, service: str) -> list[dict[str, str]]:
    pids = [each.pid for each in stack.report().processes if each.group == service and each.pid]
    found = []
    for pid in pids:
        with open(f"/proc/{pid}/environ") as file:  # noqa: PTH123
            found.append(dict(entry.split("=", 1) for entry in file.read().split("\0") if "=" in entry))
    return found


async def test_afterwards_every_service_knows_the_new_password_only_and_there_are_as_many(stack: Stack) -> None:
    for service in ("accounts", "trading", "orchestration"):
        (environment,) = environments(stack, service)
        assert environment["AVIARY_CONFIG_PASSWORD"] == stack.secrets["AVIARY_CONFIG_PASSWORD"]
        assert "AVIARY_CONFIG_PASSWORD_OLD" not in environment
    assert stack.report().ready


async def test_killed_again_and_again_it_goes_on_where_it_was(stack: Stack, load: Load) -> None:
    """At its beginning, between two services, and at its end; then the accounts service in its middle."""
    old = stack.secrets["AVIARY_CONFIG_PASSWORD"]
    async with under(load):
        for reached in (is_under_way, lambda stack: knows_both(stack, "trading"), all_is_wrapped):
            await asyncio.to_thread(rotate_until, stack, reached)
        new = stack.secrets["AVIARY_CONFIG_PASSWORD"]
    assert load.refused == []
    assert stack.secrets["AVIARY_CONFIG_PASSWORD_OLD"] == old
    rotating = asyncio.create_task(rotate(stack))
    await asyncio.to_thread(wait_for, lambda: knows_both(stack, "accounts"), "accounts was not renewed", 60)
    stack.kill("accounts")
    told = await rotating
    assert told.returncode == 0, told.stdout + told.stderr
    assert stack.secrets["AVIARY_CONFIG_PASSWORD"] == new != old
    assert "AVIARY_CONFIG_PASSWORD_OLD" not in stack.secrets
    records = sealed_records(stack)
    assert [context for context, sealed in records.items() if not opens(new, sealed, context)] == []
    assert await load.agrees()


def rotate_until(stack: Stack, reached: Callable[[Stack], bool]) -> None:
    """Then it is killed."""
    environment = {**os.environ, "AVIARY_HOME": str(stack.home)}
    silence = subprocess.DEVNULL
    with subprocess.Popen([AVIARY, "keys", "rotate"], env=environment, stdout=silence, stderr=silence) as process:
        try:
            wait_for(lambda: process.poll() is not None or reached(stack), "not reached", 200)
            assert process.poll() is None, "it ended by itself"
        finally:
            process.kill()


def is_under_way(stack: Stack) -> bool:
    return "AVIARY_CONFIG_PASSWORD_OLD" in stack.secrets


def all_is_wrapped(stack: Stack) -> bool:
    """And the services begin to forget the old password."""
    return knows_both(stack, "accounts") and not knows_both(stack, "trading")


def knows_both(stack: Stack, service: str) -> bool:
    try:
        return all("AVIARY_CONFIG_PASSWORD_OLD" in each for each in environments(stack, service))
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_weak_new_password_is_refused_and_nothing_begins(stack: Stack) -> None:
    before = dict(stack.secrets)
    for weak in ("tiny-one", "password1234", "with\ttab and more"):
        told = subprocess.run(
            [AVIARY, "keys", "rotate"],
            env={**os.environ, "AVIARY_HOME": str(stack.home), "AVIARY_NEW_CONFIG_PASSWORD": weak},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert told.returncode == 1
        assert "The new config password" in told.stderr
        assert weak not in told.stderr
    assert stack.secrets == before


async def test_new_salts_need_no_new_password(stack: Stack, trader: Trader) -> None:
    before, password = sealed_records(stack), stack.secrets["AVIARY_CONFIG_PASSWORD"]
    told = await rotate(stack, "--same-password")
    assert told.returncode == 0, told.stdout + told.stderr
    after = sealed_records(stack)
    assert stack.secrets["AVIARY_CONFIG_PASSWORD"] == password
    assert not {each.salt for each in before.values()} & {each.salt for each in after.values()}
    assert [name for name, sealed in after.items() if not opens(password, sealed, name)] == []
