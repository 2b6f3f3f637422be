import asyncio
import json
import time
from decimal import Decimal

import httpx
import pytest

from aviary_common.bus import Bus
from aviary_common.errors import NotFound
from aviary_exchange.errors import UnknownPair
from aviary_local.testing import Servers
from aviary_market_data.app import create
from aviary_market_data.prices.service import Prices
from aviary_market_data.venues import Venues
from aviary_messages.questions import GetPrices
from aviary_testing.apps import environment, running_app

from .conftest import QUIET
from .venue import Venue

SPOT_PRICES = "/api/v3/ticker/price"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def ask(api: httpx.AsyncClient, pairs: object, connector: str = "sandbox") -> httpx.Response:
    return await api.post("/market-data/prices", json={"connector_name": connector, "trading_pairs": pairs})


@pytest.mark.parametrize("connector", ["sandbox", "sandbox_perpetual"])
async def test_prices_are_the_venues_last_ones(cold_api: httpx.AsyncClient, venue: Venue, connector: str) -> None:
    before = time.time()
    answer = (await ask(cold_api, ["BTC-USDT", "ETH-USDT"], connector)).json()
    assert answer["connector"] == connector
    assert before <= answer["timestamp"] <= time.time()
    assert answer["prices"] == {
        pair: float(await venue.price(pair.replace("-", ""), connector)) for pair in ("BTC-USDT", "ETH-USDT")
    }


@pytest.mark.parametrize("pairs", ["BTC-USDT", ["btc-usdt"], ["BTC-USDT", "BTC-USDT"]])
async def test_one_pair_may_be_text_or_a_list_in_any_case(api: httpx.AsyncClient, pairs: object) -> None:
    assert list((await ask(api, pairs, "Sandbox")).json()["prices"]) == ["BTC-USDT"]


@pytest.mark.parametrize("pairs", [[], None, ["BTC"], ["BTC/USDT"], 5, [None]])
async def test_no_pairs_or_bad_ones_are_refused(api: httpx.AsyncClient, pairs: object) -> None:
    assert (await ask(api, pairs)).status_code == 422


async def test_an_unknown_connector_is_not_found_and_the_nearest_is_named(api: httpx.AsyncClient) -> None:
    answer = await ask(api, ["BTC-USDT"], "sandboks")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_connector")
    assert "'sandbox'" in answer.json()["detail"]


async def test_unknown_pairs_are_not_found_and_all_named(api: httpx.AsyncClient) -> None:
    answer = await ask(api, ["BTC-USDT", "FOO-USDT", "BAR-USDT"])
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_pair")
    assert "FOO-USDT, BAR-USDT" in answer.json()["detail"]
    assert "BTC-USDT" not in answer.json()["detail"]


async def test_somebody_elses_unknown_pair_harms_nobody(cold_api: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(ask(cold_api, [pair]) for pair in ["BTC-USDT", "FOO-USDT"] * 10))
    assert [answer.status_code for answer in answers] == [200, 404] * 10


async def test_many_at_once_are_one_call_to_the_venue(cold_api: httpx.AsyncClient, venue: Venue) -> None:
    counter = await venue.count(SPOT_PRICES, delay_ms=100)
    answers = await asyncio.gather(*(ask(cold_api, ["BTC-USDT"]) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert await venue.counted(counter) == 1


async def test_many_pairs_at_once_are_two_calls_at_most(cold_api: httpx.AsyncClient, venue: Venue) -> None:
    counter = await venue.count(SPOT_PRICES, delay_ms=100)
    pairs = ["BTC-USDT", "ETH-USDT", "SOL-USDT", "DOGE-USDT", "ETH-BTC"] * 10
    answers = await asyncio.gather(*(ask(cold_api, [pair]) for pair in pairs))
    assert [list(answer.json()["prices"]) for answer in answers] == [[pair] for pair in pairs]
    assert await venue.counted(counter) <= 2


async def test_a_venue_slower_than_the_maximum_age_is_still_asked_once(servers: Servers, venue: Venue) -> None:
    variables = environment(servers, "market-data", venue.sandbox) | QUIET | {"AVIARY_PRICE_MAX_AGE_S": "0.01"}
    async with running_app(create, variables) as api:
        await api.get("/connectors/sandbox/trading-rules")
        counter = await venue.count(SPOT_PRICES, delay_ms=200)
        answers = await asyncio.gather(*(ask(api, ["BTC-USDT"]) for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}
        assert await venue.counted(counter) == 1


async def test_a_failing_venue_is_asked_once_for_all_who_wait(cold_api: httpx.AsyncClient, venue: Venue) -> None:
    await venue.count(SPOT_PRICES, delay_ms=100)
    counter = await venue.count(SPOT_PRICES, kind="status_before", status=503)
    answers = await asyncio.gather(*(ask(cold_api, ["BTC-USDT"]) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {503}
    assert await venue.counted(counter) == 1
    await venue.sandbox.control("DELETE", "/faults")
    assert (await ask(cold_api, ["BTC-USDT"])).status_code == 200


async def test_a_price_is_kept_for_its_maximum_age_and_then_read_again(venues: Venues, venue: Venue) -> None:
    clock = Clock()
    prices = Prices(venues, 1.0, clock)
    seen = []
    for now, price in ((1000.0, "150.11"), (1001.0, "150.22"), (1001.1, "150.33"), (1002.2, "150.44")):
        await venue.trade_at("SOLUSDT", price)
        clock.now = now
        seen.append((await prices.last("sandbox", ["SOL-USDT"]))["SOL-USDT"])
    assert seen == [Decimal("150.11"), Decimal("150.11"), Decimal("150.33"), Decimal("150.44")]


async def test_a_long_maximum_age_does_not_take_an_unread_price_for_a_fresh_one(venues: Venues) -> None:
    clock = Clock()
    clock.now = 1.0
    assert (await Prices(venues, 3600.0, clock).last("sandbox", ["BTC-USDT"])).keys() == {"BTC-USDT"}


async def test_pairs_wanted_lately_are_refreshed_together_and_forgotten_later(venues: Venues, venue: Venue) -> None:
    clock = Clock()
    prices = Prices(venues, 1.0, clock)
    await prices.last("sandbox", ["BTC-USDT"])
    clock.now += 5
    await prices.last("sandbox", ["ETH-USDT"])
    counter = await venue.count(SPOT_PRICES)
    await prices.last("sandbox", ["BTC-USDT"])
    assert await venue.counted(counter) == 0
    clock.now += 11
    await prices.last("sandbox", ["ETH-USDT"])
    await prices.last("sandbox", ["BTC-USDT"])
    assert await venue.counted(counter) == 2


async def test_other_names_of_a_connector_share_its_prices(venues: Venues, venue: Venue) -> None:
    prices = Prices(venues, 60.0, Clock())
    await prices.last("sandbox", ["BTC-USDT"])
    counter = await venue.count(SPOT_PRICES)
    await prices.last("SANDBOX", ["BTC-USDT"])
    assert await venue.counted(counter) == 0


async def test_another_service_gets_exact_prices_without_the_unlisted_pairs(accounts_bus: Bus, venue: Venue) -> None:
    question = GetPrices(connector_name="sandbox", trading_pairs=["DOGE-USDT", "FOO-USDT", "-USDT"])
    prices = (await accounts_bus.ask(question)).prices
    assert prices == {"DOGE-USDT": Decimal(await venue.price("DOGEUSDT"))}


async def test_another_service_that_asks_for_nothing_listed_gets_nothing(accounts_bus: Bus) -> None:
    for pairs in ([], ["FOO-USDT"]):
        question = GetPrices(connector_name="sandbox", trading_pairs=pairs)
        assert (await accounts_bus.ask(question)).prices == {}


async def test_another_service_is_told_of_an_unknown_connector(accounts_bus: Bus) -> None:
    with pytest.raises(NotFound, match="sandbox"):
        await accounts_bus.ask(GetPrices(connector_name="sandboks", trading_pairs=["BTC-USDT"]))


async def test_a_pair_that_has_never_traded_is_left_out_for_services_and_named_to_people(
    venues: Venues, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = venues.get("sandbox")
    ask_the_venue = exchange.tickers

    async def without_eth(pairs: list[str] | None = None) -> object:
        return {pair: ticker for pair, ticker in (await ask_the_venue(pairs)).items() if pair != "ETH-USDT"}

    monkeypatch.setattr(exchange, "tickers", without_eth)
    prices = Prices(venues, 60.0, Clock())
    question = GetPrices(connector_name="sandbox", trading_pairs=["BTC-USDT", "ETH-USDT"])
    assert (await prices.answer(question)).prices.keys() == {"BTC-USDT"}
    with pytest.raises(UnknownPair, match="no price for ETH-USDT"):
        await prices.last("sandbox", ["BTC-USDT", "ETH-USDT"])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("prices", {"trading_pairs": ["BTC-USDT"]}),
        ("order-book", {"trading_pair": "BTC-USDT"}),
        ("candles", {"trading_pair": "BTC-USDT"}),
        ("historical-candles", {"trading_pair": "BTC-USDT"}),
    ],
)
async def test_a_venue_that_cannot_be_reached_is_named(servers: Servers, path: str, body: dict[str, object]) -> None:
    nowhere = {"AVIARY_EXCHANGE_BASE_URLS": json.dumps({"sandbox": "http://127.0.0.1:1"})}
    async with running_app(create, {**environment(servers, "market-data"), **nowhere}) as api:
        answer = await api.post(f"/market-data/{path}", json={"connector_name": "sandbox", **body})
    assert (answer.status_code, answer.json()["code"]) == (503, "venue_unavailable")
    assert "sandbox" in answer.json()["detail"]
