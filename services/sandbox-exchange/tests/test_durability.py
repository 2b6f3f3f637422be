"""Whatever was answered is there after kill -9."""

import asyncio
import signal

import aiohttp
import httpx

from .rig import Connect, Launch


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
