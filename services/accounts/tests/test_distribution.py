"""Shares of plain values, and the routes that answer with them."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_accounts.portfolio.distribution import by_account, by_token
from aviary_accounts.portfolio.holdings import AtConnector, Held

from .neighbours import MarketData, Trading

NewAccount = Callable[[], Awaitable[str]]
Connect = Callable[..., Awaitable[None]]


def held(token: str, units: str, price: str | None) -> Held:
    return Held(token, Decimal(units), Decimal(units), None if price is None else Decimal(price))


def at(account: str, connector: str, *tokens: Held) -> AtConnector:
    return AtConnector(account, connector, tokens, None)


SEEN = [
    at("one", "binance", held("BTC", "0.02", "50000"), held("USDT", "500", "1")),
    at("one", "kucoin", held("BTC", "0.01", "50000")),
    at("two", "binance", held("BTC", "0.04", "50000"), held("NEW", "7", None)),
]


def test_every_token_has_its_value_and_share_over_all_accounts_and_connectors() -> None:
    found = by_token(SEEN, None).model_dump()
    assert (found["total_portfolio_value"], found["token_count"], found["account_filter"]) == (4000, 3, "all_accounts")
    assert found["distribution"][0] == {
        "token": "BTC",
        "total_value": 3500,
        "total_units": pytest.approx(0.07),
        "unpriced_units": 0,
        "percentage": 87.5,
        "accounts": {
            "one": {
                "value": 1500,
                "units": pytest.approx(0.03),
                "percentage": 37.5,
                "connectors": {
                    "binance": {"value": 1000, "units": pytest.approx(0.02)},
                    "kucoin": {"value": 500, "units": pytest.approx(0.01)},
                },
            },
            "two": {
                "value": 2000,
                "units": pytest.approx(0.04),
                "percentage": 50,
                "connectors": {"binance": {"value": 2000, "units": pytest.approx(0.04)}},
            },
        },
    }
    assert [share["token"] for share in found["distribution"]] == ["BTC", "USDT", "NEW"]


def test_what_has_no_price_is_listed_and_counts_in_no_value() -> None:
    found = by_token(SEEN, None).model_dump(exclude_unset=True)
    new = found["distribution"][-1]
    assert (new["total_value"], new["percentage"], new["total_units"], new["unpriced_units"]) == (None, None, 7, 7)
    assert found["unpriced"] == [{"account_name": "two", "connector_name": "binance", "token": "NEW", "units": 7}]
    assert found["tokens"] == {
        "BTC": {"units": pytest.approx(0.07), "value": 3500, "percentage": 87.5},
        "USDT": {"units": 500, "value": 500, "percentage": 12.5},
        "NEW": {"units": 7},
    }


def test_a_token_with_a_price_at_one_connector_only_says_how_much_of_it_has_none() -> None:
    seen = [at("one", "a", held("X", "2", "10")), at("one", "b", held("X", "3", None))]
    (share,) = by_token(seen, ["one"]).distribution
    assert (share.total_value, share.total_units, share.unpriced_units) == (20, 5, 3)
    assert share.accounts["one"].connectors["b"].value is None


def test_accounts_have_their_value_and_share_and_empty_ones_are_worth_nothing() -> None:
    found = by_account(SEEN, ["empty", "one", "two"]).model_dump()
    assert (found["total_portfolio_value"], found["account_count"]) == (4000, 3)
    assert found["distribution"][0] == {
        "account": "one",
        "total_value": 2000,
        "percentage": 50,
        "connectors": {"binance": {"value": 1500, "percentage": 37.5}, "kucoin": {"value": 500, "percentage": 12.5}},
    }
    assert found["distribution"][2] == {"account": "empty", "total_value": 0, "percentage": 0, "connectors": {}}
    assert [entry["token"] for entry in found["unpriced"]] == ["NEW"]


def test_an_account_of_which_nothing_can_be_valued_is_worth_nobody_knows_what() -> None:
    (only,) = by_account([at("one", "binance", held("NEW", "7", None))], ["one"]).distribution
    assert (only.total_value, only.percentage, only.connectors["binance"].value) == (None, None, None)


def test_nothing_at_all_is_an_answer() -> None:
    assert by_token([], None).model_dump()["total_portfolio_value"] == 0
    assert by_account([], []).model_dump()["account_count"] == 0


amounts = st.decimals("-1e15", "1e15", allow_nan=False, places=18)
prices = st.none() | st.decimals("0", "1e15", allow_nan=False, places=18)
places = st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.sampled_from(["T", "U"]), amounts, prices)


@given(st.lists(places, max_size=8))
def test_values_of_parts_add_up_to_the_whole(entries: list[tuple[str, str, str, Decimal, Decimal | None]]) -> None:
    seen = [at(a, c, Held(t, units, units, price)) for a, c, t, units, price in entries]
    found = by_token(seen, None)
    exact = sum((units * price for *_, units, price in entries if price is not None), Decimal(0))
    assert float(found.total_portfolio_value) == pytest.approx(float(exact), rel=1e-9, abs=1e-5)
    known = [share.total_value for share in found.distribution if share.total_value is not None]
    assert float(sum(known, Decimal(0))) == pytest.approx(float(exact), rel=1e-9, abs=1e-4)
    assert len(found.unpriced) == sum(price is None for *_, price in entries)


async def ask(api: httpx.AsyncClient, path: str, **filters: Any) -> Any:
    answer = await api.post(f"/portfolio/{path}", json=filters)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
async def two_accounts(
    new_account: NewAccount, connect: Connect, trading: Trading, market_data: MarketData
) -> tuple[str, str]:
    rich, poor = await new_account(), await new_account()
    for account, units in ((rich, "3"), (poor, "1")):
        await connect(account)
        await connect(account, "sandbox_perpetual")
        trading.holds(account, "sandbox", BTC=units)
        trading.holds(account, "sandbox_perpetual", USDT="100", NEW="5")
    market_data.prices["sandbox"] = {"BTC-USDT": "300"}
    market_data.prices["sandbox_perpetual"] = {}
    return rich, poor


@pytest.mark.parametrize("key", ["connector_names", "connectors"])
async def test_the_distribution_of_several_accounts_is_right_and_filtered(
    api: httpx.AsyncClient, two_accounts: tuple[str, str], key: str
) -> None:
    everything = await ask(api, "distribution", account_names=list(two_accounts))
    assert everything["total_portfolio_value"] == 1400
    assert {name: entry.get("value") for name, entry in everything["tokens"].items()} == {
        "BTC": 1200, "USDT": 200, "NEW": None,
    }  # fmt: skip
    assert "value" not in everything["tokens"]["NEW"]
    assert everything["account_filter"] == ",".join(two_accounts)
    part = await ask(api, "distribution", account_names=[two_accounts[1]], **{key: ["Sandbox"]})
    assert (part["total_portfolio_value"], part["token_count"], part["account_filter"]) == (300, 1, two_accounts[1])


async def test_without_a_filter_or_a_body_every_account_counts(
    api: httpx.AsyncClient, two_accounts: tuple[str, str]
) -> None:
    for path in ("distribution", "accounts-distribution"):
        answers = [await api.post(f"/portfolio/{path}"), await api.post(f"/portfolio/{path}/", json={})]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].json()["total_portfolio_value"] == answers[1].json()["total_portfolio_value"] >= 1400


async def test_the_accounts_distribution_is_the_same_by_get_and_by_post(
    api: httpx.AsyncClient, two_accounts: tuple[str, str]
) -> None:
    rich, poor = two_accounts
    posted = await ask(api, "accounts-distribution", account_names=[rich, poor], connectors=["sandbox"])
    assert [(each["account"], each["total_value"], each["percentage"]) for each in posted["distribution"]] == [
        (rich, 900, 75), (poor, 300, 25),
    ]  # fmt: skip
    repeated = [("account_names", rich), ("account_names", poor), ("connector_names", "sandbox")]
    for query in (repeated, {"account_names": f"{rich},{poor}", "connectors": "sandbox"}):
        got = await api.get("/portfolio/accounts-distribution", params=query)
        assert got.json() == posted
    everything = (await api.get("/portfolio/accounts-distribution")).json()
    assert {"master_account", rich, poor} <= {each["account"] for each in everything["distribution"]}


async def test_unknown_accounts_are_dropped(api: httpx.AsyncClient, two_accounts: tuple[str, str]) -> None:
    found = await ask(api, "accounts-distribution", account_names=[two_accounts[0], "nobody-of-that-name"])
    assert [each["account"] for each in found["distribution"]] == [two_accounts[0]]


@pytest.mark.parametrize("path", ["distribution", "accounts-distribution"])
async def test_balances_that_nobody_can_see_are_503_and_not_a_smaller_portfolio(
    api: httpx.AsyncClient, two_accounts: tuple[str, str], trading: Trading, path: str
) -> None:
    trading.cannot_see(two_accounts[1], "sandbox", "The venue did not answer in time.")
    answer = await api.post(f"/portfolio/{path}", json={"account_names": list(two_accounts)})
    assert answer.status_code == 503
    assert f"{two_accounts[1]}/sandbox" in answer.json()["detail"]
