from decimal import Decimal

import httpx
import pytest

from aviary_testing.waiting import eventually

from ..trader import Trader
from .world import PAPER, World, accepted, fills, has

D = Decimal


async def reset(trader: Trader, **body: object) -> httpx.Response:
    path = f"/trading/{trader.account}/{trader.connector}/paper/reset"
    return await trader.api.post(path, json=body or None)


async def test_a_reset_cancels_what_is_open_and_begins_anew(world: World, paper: Trader) -> None:
    bought = await accepted(paper, order_type="MARKET", price=None, amount="0.5")
    await eventually(lambda: has(paper, bought, "FILLED"))
    waits = await accepted(paper, price="1000", amount="1")
    answer = await reset(paper)
    assert answer.status_code == 200
    assert answer.json()["cancelled_orders"] == 1
    assert answer.json()["balances"]["USDT"] == 100_000.0
    held = await world.balances(paper)
    assert (held["USDT"].total, held["USDT"].available, held["ETH"].total) == (100_000, 100_000, 20)
    assert await paper.status(waits) == "CANCELLED"
    assert len(await fills(paper, bought)) == 1


async def test_a_reset_takes_other_balances(world: World, paper: Trader) -> None:
    answer = await reset(paper, balances={"usdt": "123.456", "SOL": 5})
    assert answer.json()["balances"] == {"USDT": 123.456, "SOL": 5.0}
    held = await world.balances(paper)
    assert {token: balance.total for token, balance in held.items()} == {"USDT": D("123.456"), "SOL": D(5)}
    await eventually(lambda: shown_is(world, paper, {"USDT", "SOL"}))


@pytest.mark.parametrize("wrong", [{"USDT": -1}, {"USDT": "nan"}, {"USDT": "1e40"}, {"no token": 1}, ["USDT"]])
async def test_balances_that_cannot_be_are_refused(world: World, paper: Trader, wrong: object) -> None:
    assert (await reset(paper, balances=wrong)).status_code == 422
    assert (await world.balances(paper))["USDT"].total == 100_000


async def test_only_paper_accounts_are_reset(world: World, paper: Trader, replica: httpx.AsyncClient) -> None:
    real = await world.trader(replica, "sandbox")
    refused = await reset(real)
    assert (refused.status_code, refused.json()["code"]) == (400, "no_paper_connector")
    for account, connector, code in (
        ("nobody", PAPER, "unknown_account"),
        (real.account, PAPER, "no_credential"),
        (paper.account, "sandbox_paper", "unknown_connector"),
    ):
        missing = await replica.post(f"/trading/{account}/{connector}/paper/reset")
        assert (missing.status_code, missing.json()["code"]) == (404, code)


async def shown_is(world: World, trader: Trader, tokens: set[str]) -> bool:
    return set(await world.balances(trader, refresh=False)) == tokens
