"""What an earlier release left in the database, under today's migrations and in today's services."""

import httpx
import pytest

from tests.upgrade.conftest import Upgraded
from tests.upgrade.expanding import objections

pytestmark = pytest.mark.timeout(300)

Apis = dict[str, httpx.AsyncClient]


def test_the_schema_is_that_of_a_new_installation(upgraded: Upgraded) -> None:
    assert upgraded.schema == upgraded.fresh_schema


def test_replicas_that_migrate_at_once_do_not_harm_each_other(upgraded: Upgraded) -> None:
    assert "trading_order" in upgraded.trading
    assert upgraded.trading_by_replicas == upgraded.trading


def test_the_release_before_works_beside_this_one_and_nobody_waits_long(upgraded: Upgraded) -> None:
    assert {"credential", "trading_order", "fill"} <= upgraded.in_use
    assert objections(upgraded.statements, upgraded.in_use) == []


async def test_orders_and_fills_are_read(upgraded: Upgraded, apis: Apis) -> None:
    answer = await apis["trading"].post("/trading/orders/search", json={"account_names": [upgraded.account]})
    orders = {order["client_order_id"]: order for order in answer.json()["data"]}
    assert {"filled", "open", "cancelled", "position"} <= orders.keys()
    assert orders["filled"]["status"] == "FILLED"
    assert orders["filled"]["filled_amount"] == pytest.approx(0.0002)
    trades = (await apis["trading"].post("/trading/trades", json={"account_names": [upgraded.account]})).json()["data"]
    assert {"sandbox", "sandbox_perpetual"} <= {trade["connector_name"] for trade in trades}


async def test_limits_still_hold(upgraded: Upgraded, apis: Apis) -> None:
    limits = (await apis["trading"].get(f"/trading/risk-limits/{upgraded.account}")).json()
    assert float(limits["max_order_notional"]) == 1000


async def test_credentials_open_and_trade(upgraded: Upgraded, apis: Apis) -> None:
    """The venue checks the signature."""
    listed = (await apis["accounts"].get(f"/accounts/{upgraded.account}/credentials")).json()
    assert set(listed) == {"sandbox", "sandbox_perpetual"}
    order = {
        "account_name": upgraded.account,
        "connector_name": "sandbox",
        "trading_pair": "BTC-USDT",
        "trade_type": "BUY",
        "order_type": "LIMIT",
        "amount": "0.0002",
        "price": "30000",
    }
    placed = await apis["trading"].post("/trading/orders", json=order)
    assert placed.status_code == 201, placed.text


async def test_candles_are_listed(apis: Apis) -> None:
    listed = (await apis["market-data"].get("/market-data/candles/catalogue")).json()["data"]
    assert listed[0]["trading_pair"] == "BTC-USDT"


async def test_backtests_are_read(upgraded: Upgraded, apis: Apis) -> None:
    if "run" not in upgraded.in_use:
        pytest.skip("that release had no backtests")
    (run,) = (await apis["backtesting"].get("/backtesting/runs")).json()["data"]
    assert run["status"] == "completed"
    whole = (await apis["backtesting"].get(f"/backtesting/runs/{run['run_id']}")).json()
    assert whole["config"]["controller_name"] == "bollinger_v1"
    for part in whole["parts"]:
        assert (await apis["backtesting"].get(f"/backtesting/runs/{run['run_id']}/{part}")).is_success
