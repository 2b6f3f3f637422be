"""Snapshots are taken by themselves: by the clock, after fills, by one replica, whatever is away."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from aviary_accounts.app import create
from aviary_accounts.settings import SnapshotSettings
from aviary_accounts.snapshots.intervals import bucket_start
from aviary_accounts.snapshots.thinning import Thinning
from aviary_common.bus import Bus, Event
from aviary_common.database import Database
from aviary_common.settings import DatabaseSettings
from aviary_local.testing import Servers
from aviary_local.testing import servers as start_servers
from aviary_messages.events import OrderFilled, PortfolioSnapshotTaken
from aviary_testing.apps import environment, running_app
from aviary_testing.buses import bus_settings
from aviary_testing.sandbox import Sandbox
from aviary_testing.waiting import eventually

from .neighbours import MarketData, Trading
from .rows import snapshot, write

BEAT = 0.5


@pytest.fixture(scope="module")
def own_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with start_servers(tmp_path_factory.mktemp("snapshot-servers")) as running:
        yield running


@asynccontextmanager
async def connected(servers: Servers, service: str) -> AsyncIterator[Bus]:
    bus = await Bus.connect(bus_settings(servers, service))
    yield bus
    await bus.close()


@pytest.fixture
async def trading_bus(own_servers: Servers) -> AsyncIterator[Bus]:
    async with connected(own_servers, "trading") as bus:
        yield bus


@pytest.fixture
async def trading(trading_bus: Bus) -> Trading:
    return await Trading.on(trading_bus)


@pytest.fixture
async def market_data(own_servers: Servers) -> AsyncIterator[MarketData]:
    async with connected(own_servers, "market-data") as bus:
        yield await MarketData.on(bus)


class Installation:
    """The service with snapshots of its own, on servers of its own."""

    def __init__(self, servers: Servers, sandbox: Sandbox, database: Database) -> None:
        self._variables = environment(servers, "accounts", sandbox)
        self.database = database

    @asynccontextmanager
    async def running(self, **settings: object) -> AsyncIterator[httpx.AsyncClient]:
        """By default without a beat that would come while a test lasts."""
        wanted = {"every_s": 86_400, "after_fill_s": 0.2, "gap_s": 0, "retry_s": 0.1} | settings
        variables = {f"AVIARY_SNAPSHOT_{name.upper()}": str(value) for name, value in wanted.items()}
        async with running_app(create, {**self._variables, **variables}) as api:
            yield api

    async def times(self) -> list[datetime]:
        async with self.database.single() as connection:
            return list(await connection.scalars(text("select taken_at from portfolio_snapshot order by taken_at")))

    async def has(self, number: int) -> bool:
        return len(await self.times()) >= number


@pytest.fixture
async def installation(own_servers: Servers, sandbox: Sandbox) -> AsyncIterator[Installation]:
    database = Database(DatabaseSettings(database_url=SecretStr(own_servers.database_url("accounts"))))
    yield Installation(own_servers, sandbox, database)
    async with database.single() as connection:
        await connection.execute(text("delete from portfolio_snapshot"))
        await connection.execute(text("delete from credential"))
    await database.close()


async def connect(api: httpx.AsyncClient, connector: str = "sandbox") -> None:
    key = f"key-{secrets.token_hex(8)}"
    body = {"api_key": key, "api_secret": f"{key}-secret"}
    answer = await api.post(f"/accounts/add-credential/master_account/{connector}", json=body)
    assert answer.status_code == 201, answer.text


async def newest(api: httpx.AsyncClient) -> Any:
    moments = (await api.post("/portfolio/history", json={"limit": 1})).json()["data"]
    return moments[0] if moments else None


def fill(number: int = 1) -> OrderFilled:
    return OrderFilled(
        account_name="master_account",
        connector_name="sandbox",
        client_order_id=f"order-{number}",
        exchange_order_id="1",
        trading_pair="BTC-USDT",
        trade_type="BUY",
        order_type="LIMIT",
        amount=Decimal(1),
        price=Decimal(1),
        status="FILLED",
        filled_amount=Decimal(1),
        average_fill_price=Decimal(1),
        at=datetime.now(UTC),
        trade_id=str(number),
        fill_amount=Decimal(1),
        fill_price=Decimal(1),
        fee=Decimal(0),
        fee_currency="USDT",
    )


async def publish(bus: Bus, *events: OrderFilled) -> None:
    for event in events:
        payload = event.model_dump(mode="json")
        await bus.publish(event.subject, payload, message_id=secrets.token_hex(8), request="-")


async def test_a_new_owner_begins_with_a_snapshot_of_everything_under_one_time(
    installation: Installation, trading: Trading, market_data: MarketData
) -> None:
    async with installation.running(every_s=0) as api:
        await api.post("/accounts/add-account", json={"account_name": "second"})
        await connect(api)
        await connect(api, "sandbox_perpetual")
        await api.post(
            "/accounts/add-credential/second/sandbox", json={"api_key": "s-key", "api_secret": "s-key-secret"}
        )
    trading.holds("master_account", "sandbox", BTC="0.5")
    trading.holds("second", "sandbox", USDT="7")
    market_data.prices["sandbox"] = {"BTC-USDT": "60000"}
    async with installation.running() as api:
        await eventually(lambda: newest(api))
        moment = await newest(api)
        assert moment["state"] == {
            "master_account": {
                "sandbox": [{"token": "BTC", "units": 0.5, "price": 60000, "value": 30000, "available_units": 0.25}]
            },
            "second": {"sandbox": [{"token": "USDT", "units": 7, "price": 1, "value": 7, "available_units": 3.5}]},
        }
        assert moment["gaps"] == []
        assert len(await installation.times()) == 1
        await api.post("/accounts/delete-account", json={"account_name": "second"})


async def test_snapshots_are_taken_at_every_beat_of_the_clock(installation: Installation, trading: Trading) -> None:
    async with installation.running(every_s=BEAT) as api:
        await connect(api)
        trading.holds("master_account", "sandbox", USDT="1")
        await eventually(lambda: installation.has(6))
    beats = [int(at.timestamp() / BEAT) for at in await installation.times()]
    assert beats[1:] == list(range(beats[1], beats[1] + len(beats) - 1))


async def test_of_several_replicas_one_takes_them_and_another_goes_on_when_it_ends(
    installation: Installation, trading: Trading
) -> None:
    trading.holds("master_account", "sandbox", USDT="1")
    async with installation.running(every_s=BEAT) as second:
        async with installation.running(every_s=BEAT) as first:
            await connect(first)
            await eventually(lambda: installation.has(5))
        before = len(await installation.times())
        await eventually(lambda: installation.has(before + 4))
        assert (await second.get("/readyz")).status_code == 200
    beats = [int(at.timestamp() / BEAT) for at in await installation.times()]
    beginnings = 2
    assert len(beats) - len(set(beats)) <= beginnings
    assert len(trading.asked) <= len(set(beats)) + beginnings, "both replicas were at work"


async def test_a_burst_of_fills_makes_one_snapshot(
    installation: Installation, trading: Trading, trading_bus: Bus
) -> None:
    async with installation.running(every_s=0) as api:
        await connect(api)
    trading.holds("master_account", "sandbox", USDT="1")
    async with installation.running() as api:
        await eventually(lambda: installation.has(1))
        await publish(trading_bus, *(fill(number) for number in range(20)))
        await eventually(lambda: installation.has(2))
        trading.holds("master_account", "sandbox", USDT="2")
        await publish(trading_bus, fill(21))
        await eventually(lambda: installation.has(3))
        assert (await newest(api))["state"]["master_account"]["sandbox"][0]["units"] == 2
    assert len(await installation.times()) == 3


async def test_a_fill_that_came_while_nobody_ran_is_not_forgotten(
    installation: Installation, trading: Trading, trading_bus: Bus
) -> None:
    async with installation.running() as api:
        await connect(api)
    taken = len(await installation.times())
    trading.holds("master_account", "sandbox", USDT="9")
    await publish(trading_bus, fill())
    async with installation.running() as api:
        await eventually(lambda: installation.has(taken + 2))
        assert (await newest(api))["state"]["master_account"]["sandbox"][0]["units"] == 9


async def test_however_many_fills_there_are_snapshots_keep_their_distance(
    installation: Installation, trading: Trading, trading_bus: Bus
) -> None:
    async with installation.running(every_s=0) as api:
        await connect(api)
    trading.holds("master_account", "sandbox", USDT="1")
    async with installation.running(gap_s=0.6, after_fill_s=0):
        await eventually(lambda: installation.has(1))
        for number in range(40):
            await publish(trading_bus, fill(number))
            await asyncio.sleep(0.04)
        await eventually(lambda: installation.has(3))
    times = await installation.times()
    assert all(later - earlier >= timedelta(seconds=0.6) for earlier, later in pairwise(times))


async def test_a_venue_that_is_away_leaves_its_last_balances_in_the_graph(
    installation: Installation, trading: Trading, trading_bus: Bus
) -> None:
    trading.holds("master_account", "sandbox", USDT="100")
    trading.holds("master_account", "sandbox_perpetual", USDT="50")
    async with installation.running(every_s=0) as api:
        await connect(api)
        await connect(api, "sandbox_perpetual")
    async with installation.running() as api:
        await eventually(lambda: installation.has(1))
        (seen_at,) = await installation.times()
        trading.cannot_see("master_account", "sandbox", "The venue did not answer in time.")
        for number in (2, 3):
            await publish(trading_bus, fill(number))
            await eventually(lambda number=number: installation.has(number))
        moment = await newest(api)
        assert moment["state"]["master_account"]["sandbox"][0]["value"] == 100
        assert moment["state"]["master_account"]["sandbox_perpetual"][0]["value"] == 50
        (gap,) = moment["gaps"]
        assert (gap["connector_name"], gap["what"]) == ("sandbox", "balances")
        assert gap["reason"] == "The venue did not answer in time."
        assert datetime.fromisoformat(gap["as_of"]) == seen_at


async def test_while_trading_is_away_nothing_is_written_and_it_goes_on_when_it_is_back(
    installation: Installation, own_servers: Servers
) -> None:
    async with installation.running(every_s=BEAT) as api:
        await connect(api)
        assert await installation.times() == []
        async with connected(own_servers, "trading") as bus:
            (await Trading.on(bus)).holds("master_account", "sandbox", USDT="1")
            await eventually(lambda: installation.has(1))


async def test_without_credentials_there_is_nothing_to_write_until_the_last_ones_go(
    installation: Installation, trading: Trading
) -> None:
    async with installation.running(every_s=BEAT) as api:
        trading.holds("master_account", "sandbox", USDT="1")
        await connect(api)
        await eventually(lambda: installation.has(1))
        await api.post("/accounts/delete-credential/master_account/sandbox")
        await eventually(lambda: is_empty(api))
        number = len(await installation.times())
        asked = len(trading.asked)
        await asyncio.sleep(3 * BEAT)
        assert (len(await installation.times()), len(trading.asked)) == (number, asked)


async def is_empty(api: httpx.AsyncClient) -> bool:
    return (await newest(api))["state"] == {}


async def test_every_snapshot_is_told(installation: Installation, own_servers: Servers, trading: Trading) -> None:
    told: list[Event] = []

    async def remember(event: Event) -> None:
        told.append(event)

    trading.holds("master_account", "sandbox", USDT="1")
    trading.cannot_see("master_account", "sandbox_perpetual", "The venue did not answer in time.")
    async with installation.running(every_s=0) as api, connected(own_servers, "orchestration") as bus:
        await connect(api)
        await bus.listen(PortfolioSnapshotTaken, remember)
        async with installation.running():
            await eventually(lambda: told)
        async with installation.running(every_s=0):
            await connect(api, "sandbox_perpetual")
        async with installation.running():
            await eventually(lambda: len(told) == 2)
    first, second = await installation.times()
    assert told == [
        PortfolioSnapshotTaken(at=first, account_names=["master_account"], complete=True),
        PortfolioSnapshotTaken(at=second, account_names=["master_account"], complete=False),
    ]


async def test_old_snapshots_become_fewer_and_samples_stay_the_same(installation: Installation) -> None:
    now = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)
    start = now - timedelta(days=12)
    number = 12 * 24 * 4
    async with installation.running(every_s=0) as api:
        rows = (snapshot(start + place * timedelta(minutes=15), {("a", "b"): str(place)}) for place in range(number))
        await write(installation.database, *rows)
        body = {"limit": 1000, "interval": "1d"}
        days = (await api.post("/portfolio/history", json=body)).json()
        hours = (await api.post("/portfolio/history", json={"limit": 1000, "interval": "1h"})).json()
        settings = SnapshotSettings(snapshot_keep_all_days=2, snapshot_keep_hourly_days=6)
        thinning = Thinning(installation.database, settings, lambda: now)
        removed = await thinning.thin()
        left = await installation.times()
        assert removed == number - len(left)
        assert await thinning.thin() == 0
        assert (await api.post("/portfolio/history", json=body)).json() == days
        recent = {"limit": 1000, "interval": "1h", "start_time": (now - timedelta(days=6)).isoformat()}
        shown = (await api.post("/portfolio/history", json=recent)).json()["data"]
        assert shown == hours["data"][: len(shown)]
    hour, day = timedelta(hours=1), timedelta(days=1)
    young = [at for at in left if at >= now - timedelta(days=2)]
    middle = [at for at in left if now - timedelta(days=6) <= at < now - timedelta(days=2)]
    old = [at for at in left if at < now - timedelta(days=6)]
    assert len(young) == 2 * 24 * 4
    assert len({bucket_start(at, hour) for at in middle}) == len(middle) >= 4 * 24 - 1
    assert len({bucket_start(at, day) for at in old}) == len(old) >= 5


async def test_thinning_goes_in_batches(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aviary_accounts.snapshots.thinning.BATCH", 7)
    start = datetime(2020, 1, 1, tzinfo=UTC)
    async with installation.running(every_s=0):
        rows = (snapshot(start + place * timedelta(minutes=1), {("a", "b"): "1"}) for place in range(120))
        await write(installation.database, *rows)
        thinning = Thinning(installation.database, SnapshotSettings(), lambda: datetime.now(UTC))
        assert await thinning.thin() == 119
    assert await installation.times() == [start + timedelta(minutes=119)]


async def test_thinning_runs_by_itself(installation: Installation, trading: Trading) -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    async with installation.running(every_s=0):
        await write(
            installation.database, *(snapshot(start + timedelta(minutes=n), {("a", "b"): "1"}) for n in range(9))
        )
    async with installation.running():
        await eventually(lambda: is_left(installation, start + timedelta(minutes=8)))


async def is_left(installation: Installation, only: datetime) -> bool:
    return [at for at in await installation.times() if at.year == only.year] == [only]


def test_limits_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="AVIARY_SNAPSHOT_KEEP_HOURLY_DAYS"):
        SnapshotSettings(snapshot_keep_all_days=10, snapshot_keep_hourly_days=5)
