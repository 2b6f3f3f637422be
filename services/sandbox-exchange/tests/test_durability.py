"""Whatever was answered is there after kill -9."""

import asyncio
import signal
import sqlite3
from pathlib import Path

import aiohttp
import httpx

from aviary_sandbox_exchange.futures.wallets import Wallets
from aviary_sandbox_exchange.schema import prepare

from .futures_desk import hedge, incomes, legs, leverage, order
from .rig import Client, Connect, Launch


async def test_answered_orders_survive_kill_9_with_balances_trades_and_positions(
    launch: Launch, connect: Connect
) -> None:
    first = launch()
    venue = connect(first.base)
    bought = await venue.market("BUY", quantity="0.01")
    resting = [await venue.limit("BUY", "0.001", str(price)) for price in (50000, 50001)]
    gone = await venue.limit("BUY", "0.001", "40000", newClientOrderId="gone")
    await venue.ok("DELETE", "/api/v3/order", symbol="BTCUSDT", orderId=gone["orderId"])
    await venue.ok("POST", "/fapi/v1/order", symbol="ETHUSDT", side="SELL", type="MARKET", quantity="0.5")
    before = await venue.public(f"/sandbox/accounts/{venue.key}")
    first.kill()
    await venue.http.aclose()

    second = launch()
    again = connect(second.base)
    again.key = venue.key
    after = await again.public(f"/sandbox/accounts/{venue.key}")
    assert after == before
    assert set((await again.public("/sandbox/totals"))["spot"].values()) == {"0.00000000"}
    open_ids = [order["orderId"] for order in await again.ok("GET", "/api/v3/openOrders")]
    assert open_ids == [order["orderId"] for order in resting]
    newer = await again.limit("BUY", "0.001", "50000")
    assert newer["orderId"] > gone["orderId"] > bought["orderId"]
    found = await again.ok("GET", "/api/v3/order", symbol="BTCUSDT", origClientOrderId="gone")
    assert found["status"] == "CANCELED"
    await again.http.aclose()


async def test_futures_settings_legs_marks_and_rates_survive_kill_9(launch: Launch, connect: Connect) -> None:
    first = launch()
    venue = connect(first.base)
    await hedge(venue)
    await leverage(venue, 40)
    for side, leg in (("BUY", "LONG"), ("SELL", "SHORT")):
        await order(venue, side, "0.010", positionSide=leg)
    price = float((await venue.public("/fapi/v1/ticker/price", symbol="BTCUSDT"))["price"])
    resting = await order(venue, "SELL", "0.010", positionSide="LONG", price=f"{price * 1.04:.0f}")
    await venue.control("mark", symbol="BTCUSDT", price=f"{price * 1.01:.0f}")
    await venue.control("funding/rate", symbol="BTCUSDT", rate="0.0007")
    await venue.control("funding", symbol="BTCUSDT")

    async def everything(client: Client) -> list[object]:
        index = await client.public("/fapi/v1/premiumIndex", symbol="BTCUSDT")
        return [
            await legs(client),
            await client.public(f"/sandbox/accounts/{client.key}"),
            await incomes(client),
            await client.ok("GET", "/fapi/v1/openOrders"),
            await client.public("/fapi/v1/fundingRate", symbol="BTCUSDT", limit=1),
            (index["markPrice"], index["lastFundingRate"]),
        ]

    before = await everything(venue)
    first.kill()
    await venue.http.aclose()
    again = connect(launch().base)
    again.key = venue.key
    assert await everything(again) == before
    await again.ok("DELETE", "/fapi/v1/order", symbol="BTCUSDT", orderId=resting["orderId"])
    await order(again, "SELL", "0.010", positionSide="LONG")
    ids = [entry["tranId"] for entry in await incomes(again)]
    assert ids == sorted(set(ids))
    await again.http.aclose()


def test_a_record_from_before_the_legs_is_brought_up(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "venue.sqlite3")
    old.executescript(
        "CREATE TABLE position (account TEXT, symbol TEXT, quantity INTEGER, cost INTEGER, updated_ms INTEGER);"
        "INSERT INTO position VALUES ('ann', 'BTCUSDT', 100000, 6000000000, 7);"
        "CREATE TABLE fill (side_of_venue TEXT, symbol TEXT, account TEXT, trade_id INTEGER, time_ms INTEGER);"
        "INSERT INTO fill VALUES ('futures', 'BTCUSDT', 'ann', 1, 7);"
    )
    old.close()
    for _ in range(2):
        connection = sqlite3.connect(tmp_path / "venue.sqlite3", isolation_level=None)
        prepare(connection)
        wallets = Wallets()
        wallets.load(connection)
        assert wallets.of("ann").positions["BTCUSDT", "BOTH"].quantity == 100_000
        assert connection.execute("SELECT position_side FROM fill").fetchall() == [("BOTH",)]
        connection.close()


async def test_orders_at_one_price_keep_their_priority_across_a_restart(launch: Launch, connect: Connect) -> None:
    first = launch(flow="false")
    ann = connect(first.base)
    orders = [await ann.limit("BUY", "0.01", "60000") for _ in range(3)]
    first.kill()
    await ann.http.aclose()
    second = launch(flow="false")
    bob = connect(second.base)
    await bob.market("SELL", quantity="0.015")
    again = connect(second.base)
    again.key = ann.key
    found = [await again.ok("GET", "/api/v3/order", symbol="BTCUSDT", orderId=each["orderId"]) for each in orders]
    assert [each["executedQty"] for each in found] == ["0.01000000", "0.00500000", "0.00000000"]
    await bob.http.aclose()
    await again.http.aclose()


async def test_killed_in_the_middle_of_a_burst_nothing_answered_is_missing(launch: Launch, connect: Connect) -> None:
    server = launch()
    venue = connect(server.base)
    await venue.control("limits", side="spot", weight=10**9, orders={"10S": 10**9, "1D": 10**9})
    answered: list[str] = []

    async def burst(worker: int) -> None:
        for i in range(1_000):
            client_id = f"w{worker}-{i}"
            try:
                await venue.market("BUY", symbol="DOGEUSDT", quantity="100", newClientOrderId=client_id)
            except httpx.TransportError:
                return
            answered.append(client_id)
            if len(answered) == 60:
                server.kill()

    await asyncio.gather(*(burst(worker) for worker in range(4)))
    await venue.http.aclose()
    again = connect(launch().base)
    account = await again.public(f"/sandbox/accounts/{venue.key}")
    known = [order["clientOrderId"] for order in account["spot"]["orders"]]
    assert len(answered) >= 60
    assert set(answered) <= set(known)
    assert len(known) == len(set(known))
    bought = sum(int(order["executedQty"].split(".")[0]) for order in account["spot"]["orders"])
    assert account["spot"]["balances"]["DOGE"]["free"].startswith(str(int(1_000_000 + bought * 0.999)))
    await again.http.aclose()


async def test_a_moved_price_and_the_clock_stay_moved(launch: Launch, connect: Connect) -> None:
    first = launch(flow="true")
    venue = connect(first.base)
    await venue.control("price", symbol="SOLUSDT", price="77")
    await venue.control("clock", offset_ms=5_000)
    first.stop()
    await venue.http.aclose()
    again = connect(launch().base)
    price = float((await again.public("/api/v3/ticker/price", symbol="SOLUSDT"))["price"])
    assert 70 < price < 84
    assert (await again.public("/sandbox/clock"))["offset_ms"] == 5_000
    await again.http.aclose()


async def test_sigterm_ends_the_process_cleanly_with_sockets_open(launch: Launch) -> None:
    server = launch()
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"ws://127.0.0.1:{server.port}/ws/btcusdt@depth@100ms") as stream,
    ):
        await stream.receive(timeout=10)
        assert await asyncio.to_thread(server.stop) in (0, -signal.SIGTERM)
    written = server.log.read_text()
    assert "Traceback" not in written
    assert "Task was destroyed" not in written
