"""What the database writes as JSON is what the models promise."""

from typing import Any

import pytest

from aviary_testing.waiting import eventually
from aviary_trading.orders.schemas import OrderOut, TradeOut

from .trader import Trader


async def listed(trader: Trader, what: str) -> list[dict[str, Any]]:
    answer = await trader.api.post(f"/trading/{what}", json={"account_names": [trader.account]})
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


@pytest.mark.parametrize("order", [{}, {"order_type": "MARKET", "price": None, "amount": "0.01"}])
async def test_an_order_is_listed_as_promised(trader: Trader, order: dict[str, object]) -> None:
    await trader.place(**order)
    (item,) = await listed(trader, "orders/search")
    assert set(item) == set(OrderOut.model_fields)
    OrderOut.model_validate(item)


async def test_a_trade_is_listed_as_promised(trader: Trader) -> None:
    await trader.place(order_type="MARKET", price=None, amount="0.01")
    await eventually(lambda: trader.trades())
    for item in await trader.trades():
        assert set(item) == set(TradeOut.model_fields)
        TradeOut.model_validate(item)


async def test_a_fee_is_told_in_its_own_currency_and_in_quote(trader: Trader) -> None:
    placed = (await trader.place(order_type="MARKET", price=None, amount="0.01")).json()
    await eventually(lambda: _filled(trader, placed["order_id"]))
    trades = await trader.trades()
    for trade in trades:
        assert trade["fee_currency"] == "BTC"
        assert trade["fee_quote"] == pytest.approx(
            float(str(trade["fee_paid"])) * float(str(trade["price"])), rel=1e-12
        )
    order = await trader.order(placed["order_id"])
    assert order["fee_quote"] == pytest.approx(sum(float(str(trade["fee_quote"])) for trade in trades), rel=1e-12)


async def _filled(trader: Trader, order_id: str) -> bool:
    return await trader.status(order_id) == "FILLED"
