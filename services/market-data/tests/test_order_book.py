import asyncio
import time
from typing import Any

import httpx
import pytest

from .venue import Venue


async def ask(api: httpx.AsyncClient, **body: Any) -> httpx.Response:
    return await api.post("/market-data/order-book", json={"connector_name": "sandbox", **body})


@pytest.mark.parametrize("connector", ["sandbox", "sandbox_perpetual"])
@pytest.mark.parametrize("depth", [1, 3, 7, 20])
async def test_the_book_is_the_venues(cold_api: httpx.AsyncClient, venue: Venue, connector: str, depth: int) -> None:
    before = time.time()
    book = (await ask(cold_api, connector_name=connector, trading_pair="btc-usdt", depth=depth)).json()
    theirs = await venue.ask("depth", connector, symbol="BTCUSDT", limit=100)
    for side in ("bids", "asks"):
        expected = [{"price": float(price), "amount": float(amount)} for price, amount in theirs[side][:depth]]
        assert book[side] == expected
        assert len(expected) == depth
    assert book["bids"][0]["price"] < book["asks"][0]["price"]
    assert book["bids"] == sorted(book["bids"], key=lambda level: -level["price"])
    assert book["asks"] == sorted(book["asks"], key=lambda level: level["price"])
    assert book["trading_pair"] == "BTC-USDT"
    assert before - 60 <= book["timestamp"] <= time.time() + 1


async def test_ten_levels_are_the_default(api: httpx.AsyncClient) -> None:
    book = (await ask(api, trading_pair="BTC-USDT")).json()
    assert (len(book["bids"]), len(book["asks"])) == (10, 10)


@pytest.mark.parametrize(("depth", "status"), [(1, 200), (1000, 200), (0, 422), (-1, 422), (1001, 422), ("x", 422)])
async def test_depth_is_from_1_to_1000(api: httpx.AsyncClient, depth: object, status: int) -> None:
    assert (await ask(api, trading_pair="BTC-USDT", depth=depth)).status_code == status


async def test_an_unknown_pair_is_not_found_and_named(api: httpx.AsyncClient) -> None:
    answer = await ask(api, trading_pair="FOO-USDT")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_pair")
    assert "FOO-USDT" in answer.json()["detail"]


async def test_many_at_once_are_one_call_to_the_venue(cold_api: httpx.AsyncClient, venue: Venue) -> None:
    counter = await venue.count("/api/v3/depth", delay_ms=100)
    answers = await asyncio.gather(*(ask(cold_api, trading_pair="BTC-USDT") for _ in range(50)))
    assert len({answer.json()["timestamp"] for answer in answers}) == 1
    assert {answer.json()["source"] for answer in answers} == {"venue"}
    assert await venue.counted(counter) <= 2, "one for the answers, one for the feed that begins"
