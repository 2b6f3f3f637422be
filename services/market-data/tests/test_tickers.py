import asyncio
import time
from typing import Any

import httpx
import pytest

from aviary_common.cache import Cache
from aviary_market_data import in_use

from .test_prices import SPOT_PRICES
from .venue import Venue

BOTH = "sandbox,sandbox_perpetual"
FUTURES_PRICES = "/fapi/v1/ticker/price"


async def ask(api: httpx.AsyncClient, **query: Any) -> httpx.Response:
    return await api.get("/market-data/tickers", params=query)


@pytest.mark.parametrize("connector", ["sandbox", "sandbox_perpetual"])
async def test_all_pairs_are_there_with_the_venues_prices(
    cold_api: httpx.AsyncClient, venue: Venue, connector: str
) -> None:
    before = time.time()
    answer = (await ask(cold_api, connectors=connector)).json()
    rules = (await cold_api.get(f"/connectors/{connector}/trading-rules")).json()
    tickers = answer["tickers"][connector]
    books = {row["symbol"]: row for row in await venue.ask("ticker/bookTicker", connector)}
    last = {row["symbol"]: float(row["price"]) for row in await venue.ask("ticker/price", connector)}
    assert tickers.keys() == rules.keys()
    for pair, ticker in tickers.items():
        symbol = pair.replace("-", "")
        assert ticker["price"] == last[symbol]
        assert (ticker["bid"], ticker["ask"]) == tuple(float(books[symbol][side]) for side in ("bidPrice", "askPrice"))
        assert before <= ticker["timestamp"] <= answer["timestamp"] <= time.time()
    assert 0 <= answer["ages_s"][connector] <= time.time() - before
    assert answer["errors"] == {}


@pytest.mark.parametrize(
    "connectors", [BOTH, ["sandbox", "SANDBOX_perpetual"], " sandbox , sandbox_perpetual,sandbox,"]
)
async def test_connectors_are_named_in_every_form(api: httpx.AsyncClient, connectors: object) -> None:
    answer = (await ask(api, connectors=connectors)).json()
    assert answer["tickers"].keys() == answer["ages_s"].keys() == {"sandbox", "sandbox_perpetual"}


async def test_many_at_once_and_a_moment_later_are_one_call(cold_api: httpx.AsyncClient, venue: Venue) -> None:
    counter = await venue.count(SPOT_PRICES, delay_ms=100)
    answers = await asyncio.gather(*(ask(cold_api, connectors="sandbox", max_age=60) for _ in range(20)))
    answers.append(await ask(cold_api, connectors="sandbox", max_age=60))
    assert {answer.status_code for answer in answers} == {200}
    assert await venue.counted(counter) == 1


async def test_two_replicas_ask_the_venue_once(
    replicas: tuple[httpx.AsyncClient, httpx.AsyncClient], venue: Venue
) -> None:
    counter = await venue.count(SPOT_PRICES, delay_ms=100)
    answers = await asyncio.gather(*(ask(replica, connectors="sandbox", max_age=60) for replica in replicas * 5))
    assert len({str(answer.json()["tickers"]) for answer in answers}) == 1
    assert await venue.counted(counter) == 1


async def test_refresh_asks_now_and_max_age_bounds_what_is_answered(cold_api: httpx.AsyncClient, venue: Venue) -> None:
    seen = []
    for price, query in (
        ("150.11", {"max_age": 60}),
        ("150.22", {"max_age": 60}),
        ("150.33", {"refresh": "true", "max_age": 60}),
        ("150.44", {"refresh": "false", "max_age": 60}),
        ("150.55", {"max_age": 0}),
    ):
        await venue.trade_at("SOLUSDT", price)
        answer = (await ask(cold_api, connectors="sandbox", **query)).json()
        seen.append(answer["tickers"]["sandbox"]["SOL-USDT"]["price"])
    assert seen == [150.11, 150.11, 150.33, 150.33, 150.55]


async def test_without_a_choice_those_in_use_by_any_replica_are_there(
    replicas: tuple[httpx.AsyncClient, httpx.AsyncClient],
) -> None:
    one, other = replicas
    assert (await ask(other)).json()["tickers"] == {}
    await one.post("/market-data/prices", json={"connector_name": "sandbox", "trading_pairs": ["BTC-USDT"]})
    assert (await ask(other)).json()["tickers"].keys() == {"sandbox"}
    await ask(one, connectors="sandbox_perpetual")
    assert (await ask(other)).json()["tickers"].keys() == {"sandbox", "sandbox_perpetual"}


async def test_what_nobody_asked_about_for_hours_is_not_in_use(cold_api: httpx.AsyncClient, empty_board: Cache) -> None:
    long_ago = time.time() - in_use.IN_USE_FOR_S - 60
    await empty_board.zadd(in_use.KEY, {"sandbox": long_ago, "sandbox_perpetual": time.time(), "gone": time.time()})
    assert (await ask(cold_api)).json()["tickers"].keys() == {"sandbox_perpetual"}


async def test_a_venue_that_is_away_is_listed_beside_the_others(cold_api: httpx.AsyncClient, venue: Venue) -> None:
    await venue.count(FUTURES_PRICES, kind="status_before", status=503)
    answer = await ask(cold_api, connectors=BOTH)
    assert answer.status_code == 200
    assert answer.json()["tickers"].keys() == {"sandbox"}
    assert "sandbox_perpetual is not reachable" in answer.json()["errors"]["sandbox_perpetual"]


async def test_the_only_venue_asked_for_being_away_is_503(cold_api: httpx.AsyncClient, venue: Venue) -> None:
    await venue.count(SPOT_PRICES, kind="status_before", status=503)
    answer = await ask(cold_api, connectors="sandbox")
    assert (answer.status_code, answer.json()["code"]) == (503, "venue_unavailable")
    assert "sandbox is not reachable; none of its prices is known" in answer.json()["detail"]


async def test_the_age_of_what_was_known_last_is_told(cold_api: httpx.AsyncClient, venue: Venue) -> None:
    await ask(cold_api, connectors="sandbox")
    await venue.count(SPOT_PRICES, kind="status_before", status=503)
    answer = await ask(cold_api, connectors="sandbox", refresh="true")
    assert answer.status_code == 503
    assert "its last known prices are" in answer.json()["detail"]


async def test_an_unknown_connector_is_not_found_and_the_nearest_is_named(api: httpx.AsyncClient) -> None:
    answer = await ask(api, connectors="sandbox,sandboks")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_connector")
    assert "'sandbox'" in answer.json()["detail"]


@pytest.mark.parametrize("query", [{"max_age": -1}, {"max_age": "x"}, {"max_age": "nan"}, {"refresh": "perhaps"}])
async def test_bad_queries_are_refused(api: httpx.AsyncClient, query: dict[str, object]) -> None:
    assert (await ask(api, connectors="sandbox", **query)).status_code == 422
