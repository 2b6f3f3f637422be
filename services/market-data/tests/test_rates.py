import asyncio
import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import delete

from aviary_common.bus import Bus
from aviary_common.database import Database
from aviary_common.errors import Unavailable
from aviary_common.settings import DatabaseSettings, SettingsError
from aviary_local.testing import Servers
from aviary_market_data.app import create
from aviary_market_data.rates import store
from aviary_market_data.rates.config import RateConfig
from aviary_market_data.rates.store import Choice, RateSource
from aviary_market_data.rates.tables import rate_source
from aviary_messages.questions import GetRates
from aviary_testing.apps import environment, running_app
from aviary_testing.waiting import eventually

from .test_prices import SPOT_PRICES, Clock
from .venue import Venue

DEFAULTS = RateSource("sandbox", "USDT", "$")
Replicas = tuple[httpx.AsyncClient, httpx.AsyncClient]


@pytest.fixture
async def database(servers: Servers, api: httpx.AsyncClient) -> AsyncIterator[Database]:
    """Nothing is chosen in it."""
    opened = Database(DatabaseSettings(database_url=servers.database_url("market-data")))
    async with opened.single() as connection:
        await connection.execute(delete(rate_source))
    yield opened
    async with opened.single() as connection:
        await connection.execute(delete(rate_source))
    await opened.close()


@pytest.fixture
def unchosen(database: Database) -> None:
    """For tests that only need nothing to be chosen."""


@pytest.fixture
async def oracle(unchosen: None, cold_api: httpx.AsyncClient) -> httpx.AsyncClient:
    return cold_api


async def config_of(api: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await api.get("/rate-oracle/config")).json()
    return found


async def put(api: httpx.AsyncClient, **change: Any) -> httpx.Response:
    return await api.put("/rate-oracle/config", json=change)


async def test_sources_are_real_spot_venues(api: httpx.AsyncClient) -> None:
    sources = (await api.get("/rate-oracle/sources")).json()
    assert {"binance", "gate_io", "kucoin", "hyperliquid", "sandbox"} <= set(sources)
    assert not [name for name in sources if "perpetual" in name or "testnet" in name or "paper" in name]
    assert "xrpl" not in sources


async def test_until_somebody_chooses_the_sandbox_answers(oracle: httpx.AsyncClient) -> None:
    config = await config_of(oracle)
    assert config == {
        "rate_oracle_source": {"name": "sandbox"},
        "global_token": {"global_token_name": "USDT", "global_token_symbol": "$"},
        "available_sources": (await oracle.get("/rate-oracle/sources")).json(),
    }


@pytest.mark.parametrize(
    ("variables", "source"),
    [
        ({}, "gate_io"),
        ({"AVIARY_RATE_SOURCE": "Binance"}, "binance"),
        ({"AVIARY_EXCHANGE_BASE_URLS": json.dumps({"sandbox": "http://127.0.0.1:1"})}, "sandbox"),
        (
            {
                "AVIARY_RATE_SOURCE": "kraken",
                "AVIARY_EXCHANGE_BASE_URLS": json.dumps({"sandbox": "http://127.0.0.1:1"}),
            },
            "kraken",
        ),
    ],
)
async def test_the_default_source_is_the_settings(
    servers: Servers, unchosen: None, variables: dict[str, str], source: str
) -> None:
    more = {"AVIARY_RATE_QUOTE": "EUR", "AVIARY_RATE_QUOTE_SYMBOL": "E"}
    async with running_app(create, {**environment(servers, "market-data"), **variables, **more}) as api:
        config = await config_of(api)
    assert config["rate_oracle_source"] == {"name": source}
    assert config["global_token"] == {"global_token_name": "EUR", "global_token_symbol": "E"}
    assert ("sandbox" in config["available_sources"]) == ("AVIARY_EXCHANGE_BASE_URLS" in variables)


async def test_a_service_does_not_start_with_an_unknown_source(servers: Servers) -> None:
    variables = environment(servers, "market-data") | {"AVIARY_RATE_SOURCE": "binanse"}
    with pytest.raises(SettingsError, match=r"AVIARY_RATE_SOURCE.*'binance'"):
        async with running_app(create, variables):
            pass


async def test_a_choice_holds_in_all_replicas_and_is_kept(unchosen: None, replicas: Replicas) -> None:
    one, other = replicas
    await config_of(other)
    answer = await put(one, rate_oracle_source={"name": "Binance"}, global_token={"global_token_name": "eur"})
    chosen = {
        "rate_oracle_source": {"name": "binance"},
        "global_token": {"global_token_name": "EUR", "global_token_symbol": "$"},
    }
    assert answer.json() == {
        "success": True,
        "message": "Rates come from binance and are told in EUR.",
        "config": chosen,
    }
    assert chosen.items() <= (await config_of(one)).items()

    async def other_knows() -> bool:
        return chosen.items() <= (await config_of(other)).items()

    await eventually(other_knows, within_s=5)


async def test_what_is_not_named_stays(oracle: httpx.AsyncClient) -> None:
    token = {"global_token_name": "EUR", "global_token_symbol": "E"}
    await put(oracle, global_token=token)
    await put(oracle, rate_oracle_source={"name": "kraken"}, global_token=None)
    answer = (await put(oracle)).json()
    assert answer["config"] == {"rate_oracle_source": {"name": "kraken"}, "global_token": token}


async def test_two_who_change_different_things_at_once_both_get_their_way(database: Database) -> None:
    choices = [Choice(source="kraken"), Choice(quote_token="EUR", quote_symbol="E")] * 10

    async def choose(choice: Choice) -> None:
        async with database.single() as connection:
            await store.choose(connection, choice, DEFAULTS)

    await asyncio.gather(*(choose(choice) for choice in choices))
    async with database.single() as connection:
        assert await store.chosen(connection) == RateSource("kraken", "EUR", "E")


async def test_an_unknown_source_is_refused_and_the_nearest_named(oracle: httpx.AsyncClient) -> None:
    answer = await put(oracle, rate_oracle_source={"name": "binanse"})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_rate_source")
    assert "'binance'" in answer.json()["detail"]
    assert (await config_of(oracle))["rate_oracle_source"] == {"name": "sandbox"}


@pytest.mark.parametrize("name", ["sandbox_perpetual", "sandbox_paper_trade", "bybit_testnet", "xrpl"])
async def test_what_is_no_real_spot_venue_is_no_source(oracle: httpx.AsyncClient, name: str) -> None:
    assert (await put(oracle, rate_oracle_source={"name": name})).status_code == 400


@pytest.mark.parametrize(
    "token", [{"global_token_name": ""}, {"global_token_name": "A-B"}, {"global_token_symbol": ""}]
)
async def test_bad_tokens_are_refused(oracle: httpx.AsyncClient, token: dict[str, str]) -> None:
    assert (await put(oracle, global_token=token)).status_code == 422


async def test_a_choice_is_read_again_after_a_second(database: Database) -> None:
    clock = Clock()
    config = RateConfig(database, ["kraken"], DEFAULTS, clock)
    assert await config.current() == DEFAULTS
    async with database.single() as connection:
        await store.choose(connection, Choice(source="kraken"), DEFAULTS)
    clock.now += 1.0
    assert (await config.current()).source == "sandbox"
    clock.now += 0.1
    assert (await config.current()).source == "kraken"


async def test_while_the_database_is_away_the_last_choice_holds(database: Database) -> None:
    clock = Clock()
    nowhere = Database(DatabaseSettings(database_url="postgresql+psycopg://nobody@127.0.0.1:1/none"))
    config = RateConfig(database, ["kraken"], DEFAULTS, clock)
    chosen = await config.choose(Choice(source="kraken"))
    clock.now += 60
    config._database = nowhere
    assert await config.current() == chosen
    with pytest.raises(Unavailable):
        await RateConfig(nowhere, [], DEFAULTS).current()


async def test_rates_are_the_venues_with_the_way_they_were_found(oracle: httpx.AsyncClient, venue: Venue) -> None:
    pairs = ["BTC-USDT", "usdt-btc", "SOL-DOGE", "BTC-BTC", "FOO-USDT"]
    answer = (await oracle.post("/rate-oracle/rates", json={"trading_pairs": pairs})).json()
    btc, sol, doge = [float(await venue.price(f"{token}USDT")) for token in ("BTC", "SOL", "DOGE")]
    assert (answer["source"], answer["quote_token"]) == ("sandbox", "USDT")
    assert answer["rates"] == {
        "BTC-USDT": btc,
        "USDT-BTC": pytest.approx(1 / btc, rel=1e-14),
        "SOL-DOGE": pytest.approx(sol / doge, rel=1e-14),
        "BTC-BTC": 1.0,
        "FOO-USDT": None,
    }
    assert answer["paths"] == {
        "BTC-USDT": {"path": ["BTC-USDT"], "kind": "direct"},
        "USDT-BTC": {"path": ["BTC-USDT inverse"], "kind": "inverse"},
        "SOL-DOGE": {"path": ["SOL-USDT", "DOGE-USDT inverse"], "kind": "two_step"},
        "BTC-BTC": {"path": [], "kind": "identity"},
    }
    assert answer["reasons"] == {"FOO-USDT": "sandbox has no price of FOO."}
    assert 0 <= answer["age_s"] < 30


async def test_a_rate_is_kept_for_a_moment_and_asked_for_now_on_demand(replicas: Replicas, venue: Venue) -> None:
    seen = []
    for price, path in (("150.11", "rate"), ("150.22", "rate"), ("150.33", "rate-async"), ("150.44", "rate")):
        await venue.trade_at("SOLUSDT", price)
        answer = (await replicas[0].get(f"/rate-oracle/{path}/sol-usdt")).json()
        assert answer["age_s"] >= 0
        assert answer["path"] == {"path": ["SOL-USDT"], "kind": "direct"}
        assert (answer["trading_pair"], answer["source"], answer["quote_token"]) == ("SOL-USDT", "sandbox", "USDT")
        seen.append(answer["rate"])
    assert seen == [150.11, 150.11, 150.33, 150.33]


async def test_two_replicas_ask_the_source_once(unchosen: None, replicas: Replicas, venue: Venue) -> None:
    counter = await venue.count(SPOT_PRICES, delay_ms=100)
    answers = await asyncio.gather(*(replica.get("/rate-oracle/rate/BTC-USDT") for replica in replicas * 5))
    assert {answer.status_code for answer in answers} == {200}
    assert await venue.counted(counter) == 1


@pytest.mark.parametrize("path", ["rate", "rate-async"])
async def test_a_pair_without_a_rate_is_null_with_the_reason(oracle: httpx.AsyncClient, path: str) -> None:
    answer = await oracle.get(f"/rate-oracle/{path}/FOO-BAR")
    assert answer.status_code == 200
    assert (answer.json()["rate"], answer.json()["path"]) == (None, None)
    assert answer.json()["reason"] == "sandbox has no price of FOO or BAR."


async def test_prices_are_of_all_tokens_in_the_quote_token(oracle: httpx.AsyncClient, venue: Venue) -> None:
    answer = (await oracle.get("/rate-oracle/prices")).json()
    rules = (await oracle.get("/connectors/sandbox/trading-rules")).json()
    tokens = {token for pair in rules for token in pair.split("-")} - {"USDT"}
    assert answer["prices"].keys() == {f"{token}-USDT" for token in tokens}
    assert answer["prices_count"] == len(tokens)
    assert answer["prices"]["BTC-USDT"] == float(await venue.price("BTCUSDT"))
    assert (answer["source"], answer["quote_token"]) == ("sandbox", "USDT")


async def test_rates_follow_the_chosen_quote_token(oracle: httpx.AsyncClient, venue: Venue) -> None:
    await put(oracle, global_token={"global_token_name": "BTC", "global_token_symbol": "B"})
    answer = (await oracle.get("/rate-oracle/prices")).json()
    assert answer["quote_token"] == "BTC"
    assert answer["prices"]["ETH-BTC"] == float(await venue.price("ETHBTC"))


@pytest.mark.parametrize("pairs", ["BTC-USDT", ["BTC-USDT"]])
async def test_rates_of_a_connector_are_its_own(oracle: httpx.AsyncClient, venue: Venue, pairs: object) -> None:
    body = {"trading_pairs": pairs, "connector": "Sandbox_perpetual"}
    answer = (await oracle.post("/market-data/rates", json=body)).json()
    assert answer["source"] == "sandbox_perpetual"
    assert answer["rates"] == {"BTC-USDT": float(await venue.price("BTCUSDT", "sandbox_perpetual"))}
    without = (await oracle.post("/market-data/rates", json={"trading_pairs": pairs})).json()
    assert without["source"] == "sandbox"


async def test_rates_of_an_unknown_connector_are_not_found(oracle: httpx.AsyncClient) -> None:
    body = {"trading_pairs": ["BTC-USDT"], "connector": "sandboks"}
    answer = await oracle.post("/market-data/rates", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_connector")
    assert "'sandbox'" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/rate-oracle/rates", "/market-data/rates"])
@pytest.mark.parametrize("pairs", [[], None, ["BTC"], 5, ["BTC/USDT"]])
async def test_no_pairs_or_bad_ones_are_refused(api: httpx.AsyncClient, path: str, pairs: object) -> None:
    assert (await api.post(path, json={"trading_pairs": pairs})).status_code == 422


async def test_a_bad_pair_in_the_path_is_refused(api: httpx.AsyncClient) -> None:
    assert (await api.get("/rate-oracle/rate/BTC")).status_code == 422


@pytest.mark.parametrize("path", ["rate/BTC-USDT", "rate-async/BTC-USDT", "prices"])
async def test_a_source_that_is_away_is_named(oracle: httpx.AsyncClient, venue: Venue, path: str) -> None:
    await venue.count(SPOT_PRICES, kind="status_before", status=503)
    answer = await oracle.get(f"/rate-oracle/{path}")
    assert (answer.status_code, answer.json()["code"]) == (503, "venue_unavailable")
    assert "sandbox is not reachable" in answer.json()["detail"]


async def test_another_service_gets_rates_without_the_pairs_that_have_none(
    unchosen: None, accounts_bus: Bus, venue: Venue
) -> None:
    told = await accounts_bus.ask(GetRates(pairs=["BTC-USDT", "ETH-BTC", "NOPE-USDT"]))
    assert told.source == "sandbox"
    assert set(told.rates) == {"BTC-USDT", "ETH-BTC"}
    assert told.rates["BTC-USDT"] == Decimal(await venue.price("BTCUSDT"))
