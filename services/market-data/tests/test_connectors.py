from decimal import Decimal
from typing import Any

import httpx
import pytest

from aviary_common.bus import Bus
from aviary_messages.questions import GetPrices

from .venue import Venue


async def test_the_list_has_the_names_of_usable_connectors(api: httpx.AsyncClient) -> None:
    for path in ("/connectors", "/connectors/"):
        names = (await api.get(path)).json()
        assert {"binance", "binance_perpetual", "gate_io", "okx", "sandbox", "sandbox_perpetual"} <= set(names)
        assert names == sorted(set(names))
        assert "xrpl" not in names


async def test_the_config_map_tells_secrets_and_choices(api: httpx.AsyncClient) -> None:
    assert (await api.get("/connectors/binance/config-map")).json() == {
        "binance_api_key": {"type": "SecretStr", "required": True},
        "binance_api_secret": {"type": "SecretStr", "required": True},
    }
    fields = (await api.get("/connectors/okx/config-map")).json()
    assert fields["okx_registration_sub_domain"] == {
        "type": "Literal",
        "required": False,
        "allowed_values": ["www", "app", "my"],
    }


@pytest.mark.parametrize(
    ("connector", "types"),
    [("sandbox", ["LIMIT", "LIMIT_MAKER", "MARKET"]), ("Sandbox_Perpetual", ["LIMIT", "LIMIT_MAKER", "MARKET"])],
)
async def test_order_types_are_told_under_the_connectors_own_name(
    api: httpx.AsyncClient, connector: str, types: list[str]
) -> None:
    answer = (await api.get(f"/connectors/{connector}/order-types")).json()
    assert answer == {"connector": connector.lower(), "supported_order_types": types}


@pytest.mark.parametrize("what", ["config-map", "trading-rules", "order-types"])
async def test_an_unknown_connector_is_not_found_and_the_nearest_is_named(api: httpx.AsyncClient, what: str) -> None:
    answer = await api.get(f"/connectors/binanse/{what}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_connector")
    assert "'binance'" in answer.json()["detail"]


async def test_a_connector_that_cannot_be_used_yet_says_so(api: httpx.AsyncClient) -> None:
    answer = await api.get("/connectors/xrpl/trading-rules")
    assert answer.status_code == 404
    assert "cannot be used yet" in answer.json()["detail"]


async def test_trading_rules_are_the_venues(api: httpx.AsyncClient) -> None:
    rules = (await api.get("/connectors/sandbox/trading-rules", params={"trading_pairs": "BTC-USDT"})).json()
    assert rules == {
        "BTC-USDT": {
            "min_order_size": 0.00001,
            "max_order_size": 9000.0,
            "min_price_increment": 0.01,
            "min_base_amount_increment": 0.00001,
            "min_quote_amount_increment": 1e-7,
            "min_notional_size": 5.0,
            "min_order_value": 5.0,
            "max_price_significant_digits": 1e56,
            "supports_limit_orders": True,
            "supports_market_orders": True,
            "buy_order_collateral_token": "USDT",
            "sell_order_collateral_token": "BTC",
        }
    }


async def test_a_paper_connector_has_the_rules_types_and_prices_of_its_venue(
    api: httpx.AsyncClient, venue: Venue
) -> None:
    assert "sandbox_paper_trade" in (await api.get("/connectors")).json()
    assert (await api.get("/connectors/sandbox_paper_trade/config-map")).json() == {}
    assert (await api.get("/connectors/sandbox_paper_trade/order-types")).json() == {
        "connector": "sandbox_paper_trade",
        "supported_order_types": ["LIMIT", "LIMIT_MAKER", "MARKET"],
    }
    paper, real = [
        (await api.get(f"/connectors/{name}/trading-rules")).json() for name in ("sandbox_paper_trade", "sandbox")
    ]
    assert paper == real
    wanted = {"connector_name": "sandbox_paper_trade", "trading_pairs": ["BTC-USDT"]}
    answer = (await api.post("/market-data/prices", json=wanted)).json()
    assert answer["connector"] == "sandbox_paper_trade"
    assert answer["prices"] == {"BTC-USDT": float(await venue.price("BTCUSDT"))}


async def test_another_service_gets_prices_under_the_paper_connectors_name(accounts_bus: Bus, venue: Venue) -> None:
    question = GetPrices(connector_name="sandbox_paper_trade", trading_pairs=["BTC-USDT", "WETH-USDT"])
    assert (await accounts_bus.ask(question)).prices == {"BTC-USDT": Decimal(await venue.price("BTCUSDT"))}


async def test_a_perpetual_takes_its_collateral_for_both_sides(api: httpx.AsyncClient) -> None:
    rule = (await api.get("/connectors/sandbox_perpetual/trading-rules")).json()["BTC-USDT"]
    assert rule["buy_order_collateral_token"] == rule["sell_order_collateral_token"] == "USDT"
    assert (rule["min_notional_size"], rule["min_base_amount_increment"]) == (100.0, 0.001)


@pytest.mark.parametrize(
    "query",
    [
        {"trading_pairs": ["ETH-USDT", "BTC-USDT"]},
        {"trading_pairs": "ETH-USDT,BTC-USDT"},
        {"trading_pairs": [" eth-usdt ,", "btc-usdt"]},
    ],
    ids=["repeated", "commas", "both, any case"],
)
async def test_pairs_are_chosen_in_every_form(api: httpx.AsyncClient, query: dict[str, Any]) -> None:
    rules = (await api.get("/connectors/sandbox/trading-rules", params=query)).json()
    assert list(rules) == ["ETH-USDT", "BTC-USDT"]


async def test_without_a_choice_all_pairs_are_there(api: httpx.AsyncClient, venue: Venue) -> None:
    listed = {f"{row['baseAsset']}-{row['quoteAsset']}" for row in (await venue.ask("exchangeInfo"))["symbols"]}
    for query in ({}, {"trading_pairs": ""}):
        assert (await api.get("/connectors/sandbox/trading-rules", params=query)).json().keys() == listed


async def test_unknown_pairs_are_not_found_and_all_named(api: httpx.AsyncClient) -> None:
    query = {"trading_pairs": "BTC-USDT,FOO-USDT,BAR-USDT"}
    answer = await api.get("/connectors/sandbox/trading-rules", params=query)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_pair")
    for pair, named in (("FOO-USDT", True), ("BAR-USDT", True), ("BTC-USDT", False)):
        assert (pair in answer.json()["detail"]) is named


async def test_nothing_is_told_without_a_login(api: httpx.AsyncClient, accounts_bus: Bus) -> None:
    for method, path in (("GET", "/connectors"), ("POST", "/market-data/prices"), ("GET", "/rate-oracle/sources")):
        assert (await api.request(method, path, auth=None)).status_code == 401
