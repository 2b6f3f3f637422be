"""``aviary backup`` under load, everything lost, ``aviary restore`` at another place; the venue lives on meanwhile."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from aviary_common.cancelling import end
from aviary_local.backup.installation import database_alone
from aviary_local.home import Home
from aviary_local.topology import SANDBOX
from tests.e2e.conftest import NO_LIMITS
from tests.e2e.trader import Trader, new_trader
from tests.stack import Stack, running_stack

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

SETTINGS = {"AVIARY_BACKUP_PASSPHRASE": "correct horse battery staple"}
OPEN_AT_VENUE = {"NEW", "PARTIALLY_FILLED"}


@asynccontextmanager
async def clients(stack: Stack) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    async with (
        httpx.AsyncClient(base_url=stack.url, auth=stack.login, timeout=30) as client,
        httpx.AsyncClient(base_url=stack.sandbox_url, timeout=10) as venue,
    ):
        (await venue.post("/sandbox/limits", json=NO_LIMITS)).raise_for_status()
        yield client, venue


async def trade(trader: Trader) -> None:
    while True:
        await trader.place()
        await trader.place(order_type="MARKET", price=None)
        await asyncio.sleep(0.05)


async def before_the_loss(stack: Stack, file: Path) -> tuple[str, str]:
    """The account and its key. Known to the backup: orders of before. Unknown to it: all that came later."""
    async with clients(stack) as (client, venue):
        trader = await new_trader(client, venue)
        for name in ("cancelled-later", "stays-open", "was-pending", "never-arrived"):
            assert (await trader.place(client_order_id=name)).status_code == 201
        load = asyncio.create_task(trade(trader))
        try:
            await asyncio.to_thread(stack.run, "backup", str(file), "--without-sandbox", settings=SETTINGS)
            assert (await trader.cancel("cancelled-later")).is_success
            assert (await trader.place(client_order_id="orphan")).status_code == 201
            assert (await trader.cancel("never-arrived")).is_success
        finally:
            await end(load)
        return trader.account, trader.key


def lose_everything_but_the_venue(home: Path, other: Path) -> None:
    Home(other).data.mkdir(mode=0o700, parents=True)
    Home(home).folder(SANDBOX.name).rename(Home(other).folder(SANDBOX.name))
    shutil.rmtree(Home(home).data)


def as_if_unanswered(home: Path) -> None:
    """Two orders as they would be had the backup been made between the intent and the venue's answer. Of one of them
    the venue knows nothing."""
    with database_alone(Home(home)) as database, database.connect() as connection:
        for name in ("was-pending", "never-arrived"):
            connection.execute(
                "update trading.trading_order set status = 'PENDING_CREATE', exchange_order_id = null,"
                " settled = false, client_order_id = replace(client_order_id, 'never-arrived', 'never-sent')"
                " where client_order_id = %s",
                [name],
            )


async def test_what_was_backed_up_is_back_and_nothing_is_sent_again(tmp_path: Path) -> None:
    first, second, file = tmp_path / "first", tmp_path / "second", tmp_path / "backup.tar"
    with running_stack(first) as stack:
        account, key = await before_the_loss(stack, file)
    lose_everything_but_the_venue(first, second)
    Stack(second, 1, 1).run("restore", str(file), settings=SETTINGS)
    as_if_unanswered(second)
    with running_stack(second) as stack:
        async with clients(stack) as (client, venue):
            await compare(stack, Trader(client, venue, account, key))


async def compare(stack: Stack, trader: Trader) -> None:
    at_venue = {order["clientOrderId"]: order["status"] for order in (await trader.books())["orders"]}
    number = len((await trader.books())["orders"])

    async def is_settled() -> bool:
        ours = await trader.orders()
        return not {"PENDING_CREATE", "PENDING_CANCEL"} & {order["status"] for order in ours.values()} and (
            ours["cancelled-later"]["status"] == "CANCELLED"
        )

    async with asyncio.timeout(60):
        while not await is_settled():
            await asyncio.sleep(0.2)
    ours = await trader.orders()
    assert ours["stays-open"]["status"] == ours["was-pending"]["status"] == "OPEN"
    assert ours["never-sent"]["status"] == "FAILED"
    assert len(ours) > 10
    assert {"orphan"} <= at_venue.keys() - ours.keys()
    assert [each for each in await trader.disagreements() if ": None here" not in each] == []
    assert len((await trader.books())["orders"]) == number
    await balances_agree(trader)
    await a_repeated_open_order_is_found_again(trader, number)
    stack.run("panic", "--account", trader.account)
    left = [each for each in (await trader.books())["orders"] if each["status"] in OPEN_AT_VENUE]
    assert left == []


async def balances_agree(trader: Trader) -> None:
    holdings = await trader.holdings(refresh=True)
    for token, balance in (await trader.books())["balances"].items():
        total = float(balance["free"]) + float(balance["locked"])
        assert float(holdings[token]["units"]) == pytest.approx(total)


async def a_repeated_open_order_is_found_again(trader: Trader, number: int) -> None:
    """A client that never heard the answer sends the same request; the venue refuses to have it twice."""
    answer = await trader.place(client_order_id="orphan")
    assert answer.status_code in (201, 202)
    async with asyncio.timeout(60):
        while await trader.status("orphan") != "OPEN":
            await asyncio.sleep(0.2)
    assert len((await trader.books())["orders"]) == number
