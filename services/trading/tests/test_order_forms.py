"""What an order may carry besides its price: how long it works, and an id that the venue would not take."""

import pytest

from aviary_testing.apps import environment, running_app
from aviary_testing.waiting import eventually
from aviary_trading.app import create

from .trader import Trader

STRANGE = "desk@7|leg=2+hedge~1"
"""Allowed here, and outside Binance's alphabet."""


@pytest.mark.parametrize("time_in_force", ["ioc", "FOK"])
async def test_an_order_that_works_only_at_once_does_not_rest(trader: Trader, time_in_force: str) -> None:
    placed = await trader.place(client_order_id="at-once", time_in_force=time_in_force)
    assert placed.status_code == 201, placed.text
    await eventually(lambda: _has(trader, "at-once", "CANCELLED"))
    assert (await trader.order("at-once"))["time_in_force"] == time_in_force.upper()


async def test_the_same_id_with_another_time_in_force_is_another_order(trader: Trader) -> None:
    assert (await trader.place(client_order_id="rests", time_in_force="GTC")).status_code == 201
    assert (await trader.place(client_order_id="rests", time_in_force="IOC")).json()["code"] == "client_order_id_taken"


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"order_type": "LIMIT_MAKER", "time_in_force": "IOC"}, "it takes GTC"),
        ({"order_type": "MARKET", "price": None, "time_in_force": "FOK"}, "it takes IOC"),
    ],
)
async def test_what_does_not_go_together_is_refused_naming_what_does(
    trader: Trader, order: dict[str, object], words: str
) -> None:
    refused = await trader.place(**order)
    assert (refused.status_code, refused.json()["code"]) == (400, "order_refused")
    assert words in refused.json()["detail"]


async def test_an_id_that_the_venue_does_not_take_is_known_by_it_everywhere_here(trader: Trader) -> None:
    placed = await trader.place(client_order_id=STRANGE)
    assert (placed.status_code, placed.json()["client_order_id"]) == (201, STRANGE)
    (at_venue,) = (await trader.books())["spot"]["orders"]
    assert at_venue["clientOrderId"] != STRANGE
    assert (await trader.place(client_order_id=STRANGE)).json() == placed.json()
    assert (await trader.cancel(STRANGE)).status_code == 200
    assert await trader.status(STRANGE) == "CANCELLED"


async def test_another_replica_follows_an_order_with_a_strange_id(trader: Trader, servers: object) -> None:
    """It learns of the fill by the venue's form of the id, or by polling: it never saw the placing."""
    async with running_app(create, environment(servers, "trading", trader.venue)) as second:  # type: ignore[arg-type]
        other = Trader(trader.account, trader.key, second, trader.venue)
        await other.place(client_order_id=STRANGE, order_type="MARKET", price=None, amount="0.01")
        await eventually(lambda: _has(trader, STRANGE, "FILLED"))
        assert (await other.cancel(STRANGE)).json()["code"] == "order_is_final"


async def _has(trader: Trader, client_order_id: str, status: str) -> bool:
    return await trader.status(client_order_id) == status
