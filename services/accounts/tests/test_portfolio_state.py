from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aviary_messages.questions import CredentialKey

from .neighbours import MarketData, Trading

Connect = Callable[..., Awaitable[None]]


async def state(api: httpx.AsyncClient, account: str, **filters: Any) -> Any:
    answer = await api.post("/portfolio/state", json={"account_names": [account], **filters})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_holdings_have_units_price_and_value(
    api: httpx.AsyncClient, account: str, connect: Connect, trading: Trading, market_data: MarketData
) -> None:
    await connect(account)
    trading.holds(account, "sandbox", BTC="0.5", USDT="100")
    market_data.prices["sandbox"] = {"BTC-USDT": "60000.5"}
    assert await state(api, account) == {
        account: {
            "sandbox": [
                {"token": "BTC", "units": 0.5, "available_units": 0.25, "price": 60000.5, "value": 30000.25},
                {"token": "USDT", "units": 100.0, "available_units": 50.0, "price": 1.0, "value": 100.0},
            ]
        }
    }


async def test_an_account_without_connectors_is_there_and_empty(
    api: httpx.AsyncClient, account: str, trading: Trading
) -> None:
    assert await state(api, account) == {account: {}}
    assert trading.asked == []


@pytest.mark.parametrize("body", [None, {}])
async def test_without_a_filter_every_account_is_there(
    api: httpx.AsyncClient, account: str, trading: Trading, body: object
) -> None:
    answer = await api.post("/portfolio/state", json=body) if body is not None else await api.post("/portfolio/state/")
    assert answer.status_code == 200
    assert {"master_account", account} <= answer.json().keys()


async def test_unknown_accounts_are_dropped(api: httpx.AsyncClient, account: str, trading: Trading) -> None:
    assert await state(api, account, account_names=[account, "nobody-of-that-name"]) == {account: {}}
    assert await state(api, account, account_names=["nobody-of-that-name"]) == {}


@pytest.mark.parametrize("key", ["connector_names", "connectors"])
async def test_connectors_are_filtered_under_both_names_and_without_case(
    api: httpx.AsyncClient, account: str, connect: Connect, trading: Trading, key: str
) -> None:
    for connector in ("sandbox", "sandbox_perpetual"):
        await connect(account, connector)
        trading.holds(account, connector, USDT="1")
    assert (await state(api, account, **{key: ["Sandbox_Perpetual"]}))[account].keys() == {"sandbox_perpetual"}
    assert await state(api, account, **{key: ["binance"]}) == {account: {}}
    assert (await state(api, account))[account].keys() == {"sandbox", "sandbox_perpetual"}


async def test_accounts_are_kept_apart(
    api: httpx.AsyncClient, new_account: Callable[[], Awaitable[str]], connect: Connect, trading: Trading
) -> None:
    rich, poor = await new_account(), await new_account()
    for account, units in ((rich, "1000"), (poor, "1")):
        await connect(account)
        trading.holds(account, "sandbox", USDT=units)
    found = await state(api, rich, account_names=[rich, poor])
    assert [found[account]["sandbox"][0]["units"] for account in (rich, poor)] == [1000.0, 1.0]
    assert (await state(api, poor)).keys() == {poor}


@pytest.mark.parametrize("refresh", [True, False])
async def test_refresh_reaches_trading(
    api: httpx.AsyncClient, account: str, connect: Connect, trading: Trading, refresh: bool
) -> None:
    await connect(account)
    await state(api, account, refresh=refresh, skip_gateway=True)
    (question,) = trading.asked
    assert question.refresh is refresh
    assert question.keys == [CredentialKey(account_name=account, connector_name="sandbox")]


async def test_a_token_without_price_has_no_value(
    api: httpx.AsyncClient, account: str, connect: Connect, trading: Trading, market_data: MarketData
) -> None:
    await connect(account)
    trading.holds(account, "sandbox", BNB="10")
    market_data.prices["sandbox"] = {}
    assert await state(api, account) == {
        account: {"sandbox": [{"token": "BNB", "units": 10.0, "available_units": 5.0, "price": None}]}
    }


async def test_banned_and_zero_tokens_are_dropped_and_never_priced(
    api: httpx.AsyncClient, account: str, connect: Connect, trading: Trading, market_data: MarketData
) -> None:
    await connect(account)
    trading.holds(account, "sandbox", NAV="5", ETHF="1", BTC="0", ETH="0.000000000000000000", SOL="1")
    market_data.prices["sandbox"] = {}
    assert [holding["token"] for holding in (await state(api, account))[account]["sandbox"]] == ["SOL"]
    assert [question.trading_pairs for question in market_data.asked] == [["SOL-USDT"]]


async def test_a_connector_that_holds_nothing_is_there_and_empty(
    api: httpx.AsyncClient, account: str, connect: Connect, trading: Trading
) -> None:
    await connect(account)
    assert await state(api, account) == {account: {"sandbox": []}}


async def test_prices_are_asked_once_per_connector(
    api: httpx.AsyncClient,
    new_account: Callable[[], Awaitable[str]],
    connect: Connect,
    trading: Trading,
    market_data: MarketData,
) -> None:
    accounts = [await new_account() for _ in range(3)]
    for account in accounts:
        await connect(account)
        trading.holds(account, "sandbox", BTC="1", LDBTC="1", USDC="1")
    market_data.prices["sandbox"] = {"BTC-USDT": "2"}
    await state(api, "", account_names=accounts)
    assert [question.trading_pairs for question in market_data.asked] == [["BTC-USDT"]]


async def test_without_trading_the_answer_is_503_and_names_it(
    api: httpx.AsyncClient, account: str, connect: Connect
) -> None:
    await connect(account)
    answer = await api.post("/portfolio/state", json={"account_names": [account]})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "trading" in answer.json()["detail"]


async def test_balances_that_nobody_can_see_are_503_and_name_account_and_venue(
    api: httpx.AsyncClient, new_account: Callable[[], Awaitable[str]], connect: Connect, trading: Trading
) -> None:
    seen, unseen = await new_account(), await new_account()
    for account in (seen, unseen):
        await connect(account)
    trading.holds(seen, "sandbox", USDT="1")
    trading.cannot_see(unseen, "sandbox", "The venue did not answer in time.")
    answer = await api.post("/portfolio/state", json={"account_names": [seen, unseen]})
    assert answer.status_code == 503
    assert f"{unseen}/sandbox: The venue did not answer in time." in answer.json()["detail"]
    assert seen not in answer.json()["detail"]


async def test_old_balances_will_do_unless_fresh_ones_were_asked_for(
    api: httpx.AsyncClient, account: str, connect: Connect, trading: Trading
) -> None:
    await connect(account)
    trading.holds(account, "sandbox", USDT="5")
    trading.grows_old(account, "sandbox", "The venue did not answer in time.")
    assert (await state(api, account))[account]["sandbox"]
    answer = await api.post("/portfolio/state", json={"account_names": [account], "refresh": True})
    assert answer.status_code == 503
    assert f"{account}/sandbox: The venue did not answer in time." in answer.json()["detail"]


async def test_without_market_data_holdings_come_without_prices(
    api: httpx.AsyncClient, account: str, connect: Connect, trading: Trading
) -> None:
    await connect(account)
    trading.holds(account, "sandbox", BTC="1", USDT="5")
    holdings = (await state(api, account))[account]["sandbox"]
    assert holdings == [
        {"token": "BTC", "units": 1.0, "available_units": 0.5, "price": None},
        {"token": "USDT", "units": 5.0, "available_units": 2.5, "price": 1.0, "value": 5.0},
    ]


async def test_prices_missing_at_one_connector_do_not_hide_those_of_another(
    api: httpx.AsyncClient, account: str, connect: Connect, trading: Trading, market_data: MarketData
) -> None:
    for connector in ("sandbox", "sandbox_perpetual"):
        await connect(account, connector)
        trading.holds(account, connector, BTC="1")
    market_data.prices["sandbox_perpetual"] = {"BTC-USDT": "7"}
    found = (await state(api, account))[account]
    assert [found[name][0]["price"] for name in ("sandbox", "sandbox_perpetual")] == [None, 7.0]


amounts = st.decimals("0.000000000000000001", "1e15", allow_nan=False, places=18)


@pytest.fixture
async def connected(account: str, connect: Connect) -> str:
    await connect(account)
    return account


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(units=amounts, price=amounts)
async def test_numbers_are_the_nearest_to_the_exact_ones(
    api: httpx.AsyncClient,
    connected: str,
    trading: Trading,
    market_data: MarketData,
    units: Decimal,
    price: Decimal,
) -> None:
    trading.holds(connected, "sandbox", BTC=str(units))
    market_data.prices["sandbox"] = {"BTC-USDT": str(price)}
    (holding,) = (await state(api, connected))[connected]["sandbox"]
    assert holding["units"] == float(units)
    assert holding["price"] == float(price)
    assert holding["value"] == pytest.approx(float(units * price), rel=1e-15)
