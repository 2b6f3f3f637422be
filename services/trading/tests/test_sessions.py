"""What a session does when its stream is there and says nothing, and when there are many orders to look after."""

import asyncio

import pytest

from aviary_common.bus import Bus
from aviary_messages.events import CredentialAdded
from aviary_testing.waiting import eventually
from aviary_trading.sessions import session

from .trader import Trader


class Noted:
    """A log that remembers what was said of which account."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, object]] = []

    def info(self, event: str, **values: object) -> None:
        self.lines.append((event, values.get("account")))

    warning = info


async def test_a_stream_that_is_silent_about_orders_is_replaced(
    trader: Trader, monkeypatch: pytest.MonkeyPatch
) -> None:
    await trader.place(client_order_id="heard")
    await eventually(lambda: _has(trader, "heard", "OPEN"))
    noted = Noted()
    monkeypatch.setattr(session, "log", noted)
    await trader.venue.control("POST", "/gaps", api_key=trader.key, count=1_000)

    async def noticed() -> bool:
        """A change that is found just after it happened, or just after the stream began, proves nothing yet."""
        order_id = (await trader.place(order_type="MARKET", price=None, amount="0.001")).json()["order_id"]
        await eventually(lambda: _has(trader, order_id, "FILLED"))
        return ("user stream is stale and is replaced", trader.account) in noted.lines

    await eventually(noticed)
    await eventually(lambda: ("user stream is live", trader.account) in noted.lines)


async def test_many_open_orders_are_compared_by_the_list_of_open_ones(trader: Trader) -> None:
    names = [f"many-{number}" for number in range(12)]
    for name in names:
        assert (await trader.place(client_order_id=name)).status_code == 201
    await trader.venue.control("POST", "/gaps", api_key=trader.key, count=1_000)
    usual = (await trader.venue.public("GET", "/api/v3/ticker/price?symbol=BTCUSDT"))["price"]
    await trader.venue.control("POST", "/price", symbol="BTCUSDT", price="29000")
    try:
        for name in names:
            await eventually(lambda name=name: _has(trader, name, "FILLED"))  # type: ignore[misc]
    finally:
        await trader.venue.control("POST", "/price", symbol="BTCUSDT", price=usual)
    theirs = {str(trade["id"]) for trade in (await trader.books())["spot"]["trades"]}
    assert {str(trade["trade_id"]).rpartition("_")[2] for trade in await trader.trades()} == theirs


async def _has(trader: Trader, client_order_id: str, status: str) -> bool:
    return await trader.status(client_order_id) == status


async def test_replacing_credentials_lets_orders_under_way_end(trader: Trader, accounts_bus: Bus) -> None:
    await trader.place(client_order_id="first")
    await trader.break_orders(kind="delay", delay_ms=800)
    slow = asyncio.create_task(trader.place(client_order_id="slow"))
    await eventually(lambda: _is_written(trader, "slow"))
    again = CredentialAdded(account_name=trader.account, connector_name=trader.connector)
    await accounts_bus.publish(again.subject, again.model_dump(), message_id=f"again-{trader.account}")
    assert (await slow).status_code == 201


async def _is_written(trader: Trader, client_order_id: str) -> bool:
    answer = await trader.api.post("/trading/orders/search", json={"account_names": [trader.account]})
    return client_order_id in {order["order_id"] for order in answer.json()["data"]}
