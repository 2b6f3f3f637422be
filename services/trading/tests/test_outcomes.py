"""What the network and the venue may do to an order, and what must be true afterwards."""

import asyncio
from decimal import Decimal

import psycopg
import pytest

from aviary_local.testing import Servers
from aviary_testing.waiting import eventually

from .trader import Trader


async def test_an_order_whose_answer_is_lost_is_found(trader: Trader) -> None:
    await trader.break_orders(kind="drop_after")
    placed = await trader.place(client_order_id="lost-answer")
    # Usually nobody knows yet; the venue's stream may have told already.
    assert (placed.status_code, placed.json()["status"]) in {(202, "unresolved"), (201, "submitted")}
    await eventually(lambda: _has(trader, "lost-answer", "OPEN"))
    assert (await trader.order("lost-answer"))["exchange_order_id"]
    assert len((await trader.books())["spot"]["orders"]) == 1


@pytest.mark.parametrize("kind", ["truncate_after", "status_after"])
async def test_an_unreadable_answer_is_not_a_refusal(trader: Trader, kind: str) -> None:
    await trader.break_orders(kind=kind, status=503)
    assert (await trader.place(client_order_id=kind)).status_code in {201, 202}
    await eventually(lambda: _has(trader, kind, "OPEN"))


@pytest.mark.parametrize("kind", ["drop_before", "status_before"])
async def test_an_order_that_never_arrived_fails_after_a_while_and_is_not_sent_again(trader: Trader, kind: str) -> None:
    await trader.break_orders(kind=kind, status=503)
    assert (await trader.place(client_order_id=kind)).status_code == 202
    await eventually(lambda: _has(trader, kind, "FAILED"))
    assert "never reached" in str((await trader.order(kind))["error_message"])
    assert (await trader.books())["spot"]["orders"] == []


async def test_an_order_found_missing_while_its_answer_is_awaited_is_not_called_submitted(
    trader: Trader, servers: Servers
) -> None:
    """As another replica does that looks it up when the venue is slow."""
    await trader.break_orders(kind="delay", delay_ms=1500)
    await trader.break_orders(kind="drop_before")
    placing = asyncio.create_task(trader.place(client_order_id="slow"))
    fail = """
        update trading_order set status = 'FAILED', error_message = 'It never arrived.', version = version + 1
        where account_name = %s and client_order_id = 'slow'
    """
    url = servers.database_url("trading").replace("+psycopg", "")
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as database:

        async def is_failed() -> bool:
            return (await database.execute(fail, [trader.account])).rowcount == 1

        await eventually(is_failed)
    answer = await placing
    assert (answer.status_code, answer.json()["code"]) == (400, "order_rejected")
    assert "never arrived" in answer.json()["detail"]


async def test_a_market_order_whose_answer_is_lost_has_all_its_fills(trader: Trader) -> None:
    await trader.break_orders(kind="drop_after")
    await trader.place(client_order_id="lost-market", order_type="MARKET", price=None, amount="0.01")
    await eventually(lambda: _has(trader, "lost-market", "FILLED"))
    theirs = {str(trade["id"]) for trade in (await trader.books())["spot"]["trades"]}
    assert {str(trade["trade_id"]).rpartition("_")[2] for trade in await trader.trades()} == theirs


async def test_fills_are_found_by_polling_when_the_stream_loses_them(trader: Trader) -> None:
    await trader.place(client_order_id="first")  # the session is up once its order is open
    await eventually(lambda: _has(trader, "first", "OPEN"))
    await trader.venue.control("POST", "/gaps", api_key=trader.key, count=50)
    await trader.place(client_order_id="gap", order_type="MARKET", price=None, amount="0.01")
    await trader.venue.control("POST", "/sockets/drop", api_key=trader.key)
    await eventually(lambda: _has(trader, "gap", "FILLED"), within_s=45)


async def test_a_resting_order_that_fills_later_is_heard_of(trader: Trader) -> None:
    last = await _mid(trader)
    placed = await trader.place(client_order_id="rests", price=str(int(last * 0.99)), amount="0.001")
    assert placed.status_code == 201
    try:
        await trader.venue.control("POST", "/price", symbol="BTCUSDT", price=str(int(last * 0.98)), side="spot")
        await eventually(lambda: _has(trader, "rests", "FILLED"))
    finally:
        await trader.venue.control("POST", "/price", symbol="BTCUSDT", price=str(int(last)), side="spot")
    (trade,) = await trader.trades()
    assert trade["is_maker"] is True


async def test_cancelling(trader: Trader) -> None:
    await trader.place(client_order_id="goes")
    cancelled = await trader.cancel("goes")
    assert cancelled.status_code == 200
    assert await trader.status("goes") == "CANCELLED"
    assert (await trader.books())["spot"]["orders"][0]["status"] == "CANCELED"
    assert (await trader.cancel("goes")).status_code == 200


async def test_a_filled_order_cannot_be_cancelled(trader: Trader) -> None:
    await trader.place(client_order_id="done", order_type="MARKET", price=None, amount="0.01")
    await eventually(lambda: _has(trader, "done", "FILLED"))
    refused = await trader.cancel("done")
    assert (refused.status_code, refused.json()["code"]) == (409, "order_is_final")


async def test_an_order_that_does_not_exist_cannot_be_cancelled(trader: Trader) -> None:
    assert (await trader.cancel("nothing")).status_code == 404


async def test_a_cancellation_whose_answer_is_lost_is_found_out(trader: Trader) -> None:
    await trader.place(client_order_id="cancel-lost")
    await trader.break_orders(kind="drop_after", method="DELETE")
    assert (await trader.cancel("cancel-lost")).status_code in {200, 202}
    await eventually(lambda: _has(trader, "cancel-lost", "CANCELLED"))


async def test_cancelling_an_unresolved_order_resolves_it_first(trader: Trader) -> None:
    await trader.break_orders(kind="drop_after")
    assert (await trader.place(client_order_id="unclear")).status_code in {201, 202}
    assert (await trader.cancel("unclear")).status_code == 200
    assert (await trader.books())["spot"]["orders"][0]["status"] == "CANCELED"


async def test_a_cancellation_that_never_arrived_comes_to_nothing(trader: Trader) -> None:
    await trader.place(client_order_id="not-cancelled")
    # The HTTP client repeats a DELETE once on a new connection: both must be lost.
    await trader.break_orders(kind="drop_before", method="DELETE", count=2)
    assert (await trader.cancel("not-cancelled")).status_code == 202
    await eventually(lambda: _has(trader, "not-cancelled", "OPEN"))
    assert (await trader.books())["spot"]["orders"][0]["status"] == "NEW"


async def test_two_orders_of_one_account_that_meet_are_both_filled(trader: Trader) -> None:
    depth = await trader.venue.public("GET", "/api/v3/depth?symbol=BTCUSDT&limit=5")
    price, others = depth["asks"][0]
    await trader.place(client_order_id="sells", price=price, amount="0.001", trade_type="SELL")
    through = str(Decimal(others) + Decimal("0.001"))
    await trader.place(client_order_id="buys", price=price, amount=through)
    await eventually(lambda: _has(trader, "buys", "FILLED"))
    await eventually(lambda: _has(trader, "sells", "FILLED"))
    by_trade: dict[str, set[str]] = {}
    for trade in await trader.trades():
        order_id, _, trade_id = str(trade["trade_id"]).rpartition("_")
        by_trade.setdefault(trade_id, set()).add(order_id)
    assert {"buys", "sells"} in by_trade.values()


async def test_many_orders_in_a_storm_of_faults_end_as_the_venue_has_them(trader: Trader) -> None:
    for kind in ("drop_after", "truncate_after", "status_after", "delay"):
        await trader.break_orders(kind=kind, count=5, status=502, delay_ms=50)
    placed = await asyncio.gather(*(trader.place(client_order_id=f"storm-{number}") for number in range(40)))
    assert {answer.status_code for answer in placed} <= {201, 202}
    for number in range(40):
        await eventually(lambda name=f"storm-{number}": _has(trader, name, "OPEN"))
    theirs = {order["clientOrderId"]: str(order["orderId"]) for order in (await trader.books())["spot"]["orders"]}
    ours = {f"storm-{number}": (await trader.order(f"storm-{number}"))["exchange_order_id"] for number in range(40)}
    assert ours == theirs


async def _has(trader: Trader, client_order_id: str, status: str) -> bool:
    return await trader.status(client_order_id) == status


async def _mid(trader: Trader) -> float:
    book = await trader.venue.public("GET", "/api/v3/ticker/price?symbol=BTCUSDT")
    return float(book["price"])
