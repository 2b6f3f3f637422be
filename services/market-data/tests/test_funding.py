import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from .venue import Venue

PREMIUM = "/fapi/v1/premiumIndex"


async def ask(api: httpx.AsyncClient, connector: str = "sandbox_perpetual", **body: Any) -> httpx.Response:
    return await api.post("/market-data/funding-info", json={"connector_name": connector, **body})


async def at_venue(venue: Venue, symbol: str) -> dict[str, Any]:
    row = await venue.ask("premiumIndex", "sandbox_perpetual", symbol=symbol)
    return {
        "trading_pair": f"{symbol.removesuffix('USDT')}-USDT",
        "funding_rate": float(row["lastFundingRate"]),
        "next_funding_time": row["nextFundingTime"] / 1000,
        "mark_price": float(row["markPrice"]),
        "index_price": float(row["indexPrice"]),
    }


async def test_one_pair_is_an_object(cold_api: httpx.AsyncClient, venue: Venue) -> None:
    answer = (await ask(cold_api, trading_pair="btc-usdt")).json()
    theirs = await at_venue(venue, "BTCUSDT")
    assert answer == {**theirs, "mark_price": pytest.approx(theirs["mark_price"], rel=1e-3)}


async def test_a_list_is_an_object_by_pair_from_one_call(cold_api: httpx.AsyncClient, venue: Venue) -> None:
    counter = await venue.count(PREMIUM)
    answer = (await ask(cold_api, trading_pairs=["BTC-USDT", "ETH-USDT"])).json()
    assert await venue.counted(counter) == 1
    assert list(answer["funding_info"]) == ["BTC-USDT", "ETH-USDT"]
    for pair, info in answer["funding_info"].items():
        theirs = await at_venue(venue, pair.replace("-", ""))
        assert info == {**theirs, "mark_price": pytest.approx(theirs["mark_price"], rel=1e-3)}


async def test_a_list_of_one_is_still_a_list(cold_api: httpx.AsyncClient) -> None:
    answer = (await ask(cold_api, trading_pairs=["BTC-USDT"])).json()
    assert list(answer["funding_info"]) == ["BTC-USDT"]


async def test_many_at_once_are_one_call(cold_api: httpx.AsyncClient, venue: Venue) -> None:
    counter = await venue.count(PREMIUM, delay_ms=100)
    answers = await asyncio.gather(*(ask(cold_api, trading_pair="BTC-USDT") for _ in range(30)))
    assert {answer.status_code for answer in answers} == {200}
    assert await venue.counted(counter) == 1


@pytest.mark.parametrize(
    ("connector", "hint"),
    [
        ("sandbox", "sandbox_perpetual"),
        ("sandbox_paper_trade", "sandbox_perpetual"),
        ("binance", "binance_perpetual"),
        ("bybit_testnet", "bybit_perpetual_testnet"),
    ],
)
async def test_a_spot_connector_is_refused_and_its_perpetual_named(
    api: httpx.AsyncClient, connector: str, hint: str
) -> None:
    answer = await ask(api, connector, trading_pair="BTC-USDT")
    assert (answer.status_code, answer.json()["code"]) == (400, "unsupported")
    assert answer.json()["detail"].endswith(f"Ask {hint} for it.")


async def test_a_spot_venue_without_perpetuals_names_none(api: httpx.AsyncClient) -> None:
    answer = await ask(api, "bitstamp", trading_pair="BTC-USD")
    assert answer.status_code == 400
    assert "Ask" not in answer.json()["detail"]


@pytest.mark.parametrize("pair", [{"trading_pair": "FOO-USDT"}, {"trading_pairs": ["BTC-USDT", "FOO-USDT"]}])
async def test_unknown_pairs_are_not_found_and_named(api: httpx.AsyncClient, pair: dict[str, object]) -> None:
    answer = await ask(api, **pair)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_pair")
    assert "FOO-USDT" in answer.json()["detail"]
    assert "BTC-USDT" not in answer.json()["detail"]


async def test_an_unknown_connector_is_not_found_and_the_nearest_is_named(api: httpx.AsyncClient) -> None:
    answer = await ask(api, "sandbox_perpetuall", trading_pair="BTC-USDT")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_connector")
    assert "'sandbox_perpetual'" in answer.json()["detail"]


@pytest.mark.parametrize("body", [{}, {"trading_pairs": []}, {"trading_pair": "BTC"}, {"trading_pairs": ["BTC/USDT"]}])
async def test_no_pairs_or_bad_ones_are_refused(api: httpx.AsyncClient, body: dict[str, object]) -> None:
    assert (await ask(api, **body)).status_code == 422


async def test_a_venue_that_is_away_is_503(cold_api: httpx.AsyncClient, venue: Venue) -> None:
    await venue.count(PREMIUM, kind="status_before", status=503)
    answer = await ask(cold_api, trading_pairs=["BTC-USDT", "ETH-USDT"])
    assert (answer.status_code, answer.json()["code"]) == (503, "venue_unavailable")
    assert "sandbox_perpetual" in answer.json()["detail"]


async def test_settled_rates_are_told_for_a_range_of_any_length(api: httpx.AsyncClient, venue: Venue) -> None:
    end = datetime.now(UTC)
    start = end - timedelta(days=60)
    query = {
        "connector_name": "sandbox_perpetual",
        "trading_pair": "btc-usdt",
        "start_time": start.isoformat(),
        "end_time": end.isoformat(),
    }
    answer = await api.get("/market-data/funding-rates", params=query)
    assert answer.status_code == 200, answer.text
    times = [each["timestamp"] for each in answer.json()]
    assert times == sorted(set(times))
    assert len([time for time in times if time % (8 * 3600) == 0]) == 180
    assert start.timestamp() <= times[0] < start.timestamp() + 8 * 3600
    assert end.timestamp() - 8 * 3600 < times[-1] <= end.timestamp()


async def test_a_spot_pair_has_no_settled_rates(api: httpx.AsyncClient) -> None:
    query = {"connector_name": "sandbox", "trading_pair": "BTC-USDT", "start_time": "2026-01-01"}
    answer = await api.get("/market-data/funding-rates", params=query)
    assert answer.status_code == 400
    assert "sandbox_perpetual" in answer.json()["detail"]
