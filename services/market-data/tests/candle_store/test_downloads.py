"""Downloads: followed, resumed, repeated, cancelled."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from aviary_market_data.candle_store import asking
from aviary_testing.waiting import eventually

from ..venue import Venue
from .conftest import Replica

DOWNLOADS = "/market-data/downloads"
KLINES = "/api/v3/klines"


def days_ago(days: float) -> float:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today - timedelta(days=days)).timestamp()


async def start(api: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    wanted = {"connector_name": "sandbox", "trading_pair": "BTC-USDT", "start_time": days_ago(6), **body}
    answer = await api.post(DOWNLOADS, json=wanted)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def get(api: httpx.AsyncClient, download: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await api.get(f"{DOWNLOADS}/{download['id']}")).json()
    return found


async def ended(api: httpx.AsyncClient, download: dict[str, Any], state: str = "done") -> dict[str, Any]:
    async def is_final() -> bool:
        return (await get(api, download))["state"] in {"done", "failed", "cancelled"}

    await eventually(is_final, within_s=60)
    found = await get(api, download)
    assert found["state"] == state, found
    return found


async def series(api: httpx.AsyncClient) -> dict[str, Any]:
    (found,) = (await api.get("/market-data/candles/catalogue")).json()["data"]
    return dict(found)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PIECE", 1000)


@pytest.fixture
async def slow_venue(venue: Venue) -> Venue:
    await venue.sandbox.control("POST", "/faults", kind="delay", path=KLINES, delay_ms=150, count=None)
    return venue


async def test_a_download_stores_everything(stored_api: httpx.AsyncClient, venue: Venue) -> None:
    download = await start(stored_api, end_time=days_ago(2))
    assert (download["state"], download["total"], download["interval"]) == ("queued", 5760, "1m")
    done = await ended(stored_api, download)
    assert (done["done"], done["gaps"], done["error"]) == (5760, [], None)
    assert done["position"] == done["end_time"]
    stored = await series(stored_api)
    assert (stored["rows"], len(stored["ranges"])) == (5760, 1)
    counter = await venue.count(KLINES)
    again = await start(stored_api, end_time=days_ago(2))
    assert again["id"] != download["id"]
    await ended(stored_api, again)
    assert await venue.counted(counter) == 0


@pytest.mark.parametrize("body", [{}, {"end_time": days_ago(1)}], ids=["to now", "to an end"])
async def test_the_same_again_is_the_one_under_way(
    stored_api: httpx.AsyncClient, slow_venue: Venue, body: dict[str, Any]
) -> None:
    first = await start(stored_api, **body)
    others = await asyncio.gather(*(start(stored_api, **body) for _ in range(5)))
    assert {each["id"] for each in others} == {first["id"]}
    assert (await start(stored_api, trading_pair="ETH-USDT", **body))["id"] != first["id"]


async def test_a_killed_replica_is_followed_by_another_that_goes_on_where_it_stopped(
    replica: Replica, slow_venue: Venue, small_pieces: None
) -> None:
    async with AsyncExitStack() as stack:
        async with replica() as first:
            download = await start(first, end_time=days_ago(1))

            async def has_begun() -> bool:
                return bool(2000 <= (await get(first, download))["done"] < 6000)

            await eventually(has_begun)
        second = await stack.enter_async_context(replica())
        reached = (await get(second, download))["done"]
        assert 2000 <= reached < 7200
        await slow_venue.sandbox.control("DELETE", "/faults")
        counter = await slow_venue.count(KLINES)
        done = await ended(second, download)
        assert (done["done"], done["gaps"]) == (7200, [])
        assert await slow_venue.counted(counter) <= (7200 - reached) / 1000 + 1, "only what was missing"
        stored = await series(second)
        assert (stored["rows"], len(stored["ranges"])) == (7200, 1)


async def test_two_replicas_do_not_fetch_twice(replica: Replica, venue: Venue, small_pieces: None) -> None:
    async with replica() as first, replica() as second:
        counter = await venue.count(KLINES)
        download = await start(first, end_time=days_ago(1))
        assert (await ended(second, download))["done"] == 7200
        assert await venue.counted(counter) == 8


async def test_a_cancelled_download_stays_cancelled_and_keeps_what_it_has(
    replica: Replica, slow_venue: Venue, small_pieces: None
) -> None:
    async with replica() as first:
        download = await start(first, end_time=days_ago(1))

        async def has_begun() -> bool:
            return bool((await get(first, download))["done"] >= 1000)

        await eventually(has_begun)
        answer = await first.delete(f"{DOWNLOADS}/{download['id']}")
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
        assert (await first.delete(f"{DOWNLOADS}/{download['id']}")).json()["state"] == "cancelled"
    async with replica() as second:
        counter = await slow_venue.count(KLINES)
        other = await start(second, trading_pair="ETH-USDT", start_time=days_ago(2), end_time=days_ago(1.5))
        await ended(second, other)
        assert (await get(second, download))["state"] == "cancelled"
        assert await slow_venue.counted(counter) == 1
        stored = (await second.get("/market-data/candles/catalogue?trading_pair=BTC-USDT")).json()["data"]
        assert 1000 <= stored[0]["rows"] < 7200


async def test_an_ended_download_cannot_be_cancelled(stored_api: httpx.AsyncClient) -> None:
    download = await start(stored_api, start_time=days_ago(2), end_time=days_ago(1.9))
    await ended(stored_api, download)
    answer = await stored_api.delete(f"{DOWNLOADS}/{download['id']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "ended")
    assert (await get(stored_api, download))["state"] == "done"


@pytest.mark.parametrize("fault", ["status_before", "truncate_after", "drop_before", "rate_limit"])
async def test_a_venue_that_fails_for_a_while_is_asked_again(
    stored_api: httpx.AsyncClient, venue: Venue, fault: str
) -> None:
    await venue.sandbox.control("POST", "/faults", kind=fault, path=KLINES, count=2, retry_after_s=0)
    download = await start(stored_api, end_time=days_ago(5))
    assert (await ended(stored_api, download))["done"] == 1440


async def test_a_venue_that_stays_away_is_given_up_and_the_rest_is_a_gap(replica: Replica, venue: Venue) -> None:
    await venue.sandbox.control("POST", "/faults", kind="status_before", path=KLINES, count=None)
    async with replica(AVIARY_CANDLE_DOWNLOAD_ATTEMPTS="3") as api:
        download = await start(api, end_time=days_ago(5))
        failed = await ended(api, download, "failed")
        assert failed["error"]
        assert [gap["reason"] for gap in failed["gaps"]] == ["venue unavailable"]
        await venue.sandbox.control("DELETE", "/faults")
        again = await start(api, end_time=days_ago(5))
        assert (await ended(api, again))["gaps"] == []


async def test_what_was_before_the_venue_is_done_quickly_and_a_gap(stored_api: httpx.AsyncClient, venue: Venue) -> None:
    counter = await venue.count(KLINES)
    download = await start(stored_api, start_time=1_500_000_000, end_time=days_ago(150))
    done = await ended(stored_api, download)
    assert done["done"] == done["total"] > 4_000_000
    assert [gap["reason"] for gap in done["gaps"]] == ["not listed yet"]
    assert await venue.counted(counter) < 30


async def test_downloads_are_listed_newest_first_in_pages(stored_api: httpx.AsyncClient) -> None:
    made = [
        (await start(stored_api, start_time=days_ago(2 + number), end_time=days_ago(1.99 + number)))["id"]
        for number in range(5)
    ]
    first = (await stored_api.get(DOWNLOADS, params={"limit": 3})).json()
    rest = (await stored_api.get(DOWNLOADS, params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [each["id"] for each in first["data"] + rest["data"]] == made[::-1]
    assert (first["total"], rest["next_cursor"]) == (5, None)


async def test_other_requests_are_answered_meanwhile(stored_api: httpx.AsyncClient, slow_venue: Venue) -> None:
    await start(stored_api, start_time=days_ago(60), end_time=days_ago(1))
    body = {"connector_name": "sandbox", "trading_pair": "BTC-USDT", "interval": "5m", "start_time": days_ago(1)}
    async with asyncio.timeout(20):
        answer = await stored_api.post("/market-data/historical-candles", json=body)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"connector_name": "sandbx"}, 404),
        ({"trading_pair": "BTX-USDT"}, 404),
        ({"interval": "7m"}, 400),
        ({"start_time": 1_700_000_000, "end_time": 1_600_000_000}, 422),
        ({"start_time": None}, 422),
        ({"start_time": 33_000_000_000}, 400),
        ({"start_time": 0, "interval": "1s"}, 400),
    ],
    ids=["connector", "pair", "interval", "order", "no start", "future", "too many"],
)
async def test_what_cannot_be_downloaded_is_refused(
    stored_api: httpx.AsyncClient, body: dict[str, Any], status: int
) -> None:
    wanted = {"connector_name": "sandbox", "trading_pair": "BTC-USDT", "start_time": days_ago(6), **body}
    assert (await stored_api.post(DOWNLOADS, json=wanted)).status_code == status


@pytest.mark.parametrize(("name", "status"), [("999999", 404), ("0", 422), ("9" * 30, 422), ("x", 422)])
async def test_an_unknown_download_is_not_found(stored_api: httpx.AsyncClient, name: str, status: int) -> None:
    for method in ("GET", "DELETE"):
        assert (await stored_api.request(method, f"{DOWNLOADS}/{name}")).status_code == status
