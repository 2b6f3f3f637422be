"""Historical candles through the whole service, compared with what the venue itself says."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from ..venue import Venue
from .conftest import Replica

HISTORICAL = "/market-data/historical-candles"
NAMES = ("timestamp", "open", "high", "low", "close", "volume")
EXACT = dict(zip(NAMES, range(6), strict=True))
SUMS = {"quote_asset_volume": 7, "n_trades": 8, "taker_buy_base_volume": 9, "taker_buy_quote_volume": 10}


def days_ago(days: float) -> datetime:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days)


async def ask(api: httpx.AsyncClient, **body: Any) -> httpx.Response:
    wanted = {"connector_name": "sandbox", "trading_pair": "BTC-USDT", **body}
    return await api.post(HISTORICAL, json=wanted)


async def candles(api: httpx.AsyncClient, interval: str, start: datetime, end: datetime) -> list[dict[str, float]]:
    answer = await ask(api, interval=interval, start_time=start.timestamp(), end_time=end.timestamp())
    assert answer.status_code == 200, answer.text
    assert json.loads(answer.headers["X-Candle-Gaps"]) == []
    found: list[dict[str, float]] = answer.json()
    return found


async def klines(venue: Venue, interval: str, start: datetime, end: datetime) -> list[list[Any]]:
    times: dict[str, Any] = {"startTime": int(start.timestamp() * 1000), "endTime": int(end.timestamp() * 1000)}
    rows: list[list[Any]] = await venue.ask("klines", symbol="BTCUSDT", interval=interval, limit=1000, **times)
    return rows


def same(ours: list[dict[str, float]], theirs: list[list[Any]]) -> None:
    assert [candle["timestamp"] * 1000 for candle in ours] == [row[0] for row in theirs]
    for candle, row in zip(ours, theirs, strict=True):
        assert [candle[name] for name in NAMES[1:5]] == [float(row[place]) for place in range(1, 5)]
        for name, place in {"volume": 5, **SUMS}.items():
            assert candle[name] == pytest.approx(float(row[place]), rel=1e-13), name


@pytest.mark.parametrize("interval", ["3m", "5m", "15m", "1h", "4h", "12h", "1d", "1w"])
async def test_resampled_candles_are_the_venues_own(stored_api: httpx.AsyncClient, venue: Venue, interval: str) -> None:
    start, end = days_ago(3 if interval not in ("1d", "1w") else 21), days_ago(1.5)
    minute_calls = await venue.count("/api/v3/klines")
    ours = await candles(stored_api, interval, start, end)
    assert await venue.counted(minute_calls) >= 2
    same(ours, await klines(venue, interval, start, end))
    again = await candles(stored_api, interval, start, end)
    assert again == ours
    catalogue = (await stored_api.get("/market-data/candles/catalogue")).json()["data"]
    assert [series["interval"] for series in catalogue] == ["1m"]


async def test_the_venue_is_asked_once_and_then_never_again(stored_api: httpx.AsyncClient, venue: Venue) -> None:
    counter = await venue.count("/api/v3/klines")
    start, end = days_ago(3), days_ago(2)
    answers = await asyncio.gather(*(candles(stored_api, "1m", start, end) for _ in range(10)))
    assert all(answer == answers[0] for answer in answers)
    assert len(answers[0]) == 1441
    assert await venue.counted(counter) == 2, "two pages of a thousand"
    for interval in ("1m", "5m", "1h"):
        await candles(stored_api, interval, start, end - timedelta(hours=1))
    assert await venue.counted(counter) == 2


async def test_a_paper_connector_has_the_candles_of_its_venue(stored_api: httpx.AsyncClient, venue: Venue) -> None:
    times = {"start_time": days_ago(3).timestamp(), "end_time": days_ago(2).timestamp()}
    real = await ask(stored_api, interval="1m", **times)
    counter = await venue.count("/api/v3/klines")
    paper = await ask(stored_api, connector_name="sandbox_paper_trade", interval="1m", **times)
    assert (paper.status_code, paper.content) == (200, real.content)
    assert await venue.counted(counter) == 0


async def test_a_month_is_fetched_as_it_is(stored_api: httpx.AsyncClient, venue: Venue) -> None:
    start, end = days_ago(80), days_ago(20)
    counter = await venue.count("/api/v3/klines")
    ours = await candles(stored_api, "4h", start, end)
    assert await venue.counted(counter) == 1, "86,400 minutes would have been 87 calls"
    await candles(stored_api, "4h", start + timedelta(days=3), end)
    assert await venue.counted(counter) == 1
    same(ours, await klines(venue, "4h", start, end))


@pytest.mark.parametrize("interval", ["1m", "15m", "1h", "1d"])
async def test_the_open_candle_is_answered_and_never_stored(
    stored_api: httpx.AsyncClient, venue: Venue, interval: str
) -> None:
    opened = datetime.now(UTC).timestamp()
    answer = await ask(stored_api, interval=interval)
    found = answer.json()
    assert len(found) == (91 if interval == "1d" else 500), "the sandbox has 90 days of history"
    assert opened - found[-1]["timestamp"] < {"1m": 120, "15m": 1800, "1h": 7200, "1d": 172_800}[interval]
    (series,) = (await stored_api.get("/market-data/candles/catalogue")).json()["data"]
    assert all(
        datetime.fromisoformat(each["end"]).timestamp() <= datetime.now(UTC).timestamp() for each in series["ranges"]
    )


async def test_what_was_before_the_venue_is_a_gap_that_the_header_names(stored_api: httpx.AsyncClient) -> None:
    start, end = days_ago(200), days_ago(198)
    answer = await ask(stored_api, interval="1h", start_time=start.timestamp(), end_time=end.timestamp())
    assert (answer.status_code, answer.json()) == (200, [])
    assert json.loads(answer.headers["X-Candle-Gaps"]) == [
        {
            "pair": "BTC-USDT",
            "interval": "1h",
            "start": int(start.timestamp()),
            "end": int(end.timestamp()) + 3600,
            "reason": "not listed yet",
        }
    ]


@pytest.mark.parametrize("fault", ["truncate_after", "status_before"])
async def test_a_failing_venue_is_told_and_what_is_stored_stays_right(
    stored_api: httpx.AsyncClient, venue: Venue, fault: str
) -> None:
    start, end = days_ago(3), days_ago(2)
    await venue.sandbox.control("POST", "/faults", kind=fault, path="/api/v3/klines", count=1)
    answer = await ask(stored_api, interval="1m", start_time=start.timestamp(), end_time=end.timestamp())
    assert (answer.status_code, answer.json()["code"]) == (503, "venue_unavailable")
    same((await candles(stored_api, "1m", start, end))[:1000], (await klines(venue, "1m", start, end))[:1000])


async def test_stored_candles_need_no_venue(replica: Replica, venue: Venue) -> None:
    start, end = days_ago(3), days_ago(2)
    async with replica() as first:
        before = await candles(first, "1h", start, end)
    async with replica() as second:
        assert (await second.get("/connectors/sandbox/trading-rules")).status_code == 200
        await venue.sandbox.control("POST", "/faults", kind="status_before", path="/api/v3/klines", count=None)
        assert await candles(second, "1h", start, end) == before


def spoil(folder: Path) -> None:
    found = list(folder.rglob("*.parquet"))
    assert found
    for path in found:
        path.write_bytes(path.read_bytes()[:-1])


async def test_a_file_that_somebody_has_spoilt_is_fetched_again(
    stored_api: httpx.AsyncClient, venue: Venue, folder: Path
) -> None:
    start, end = days_ago(3), days_ago(2)
    before = await candles(stored_api, "1h", start, end)
    spoil(folder)
    assert await candles(stored_api, "1h", start, end) == before


async def test_lists_have_gaps_of_all_and_candles_of_all(stored_api: httpx.AsyncClient) -> None:
    body = {"trading_pairs": ["BTC-USDT", "ETH-USDT"], "intervals": ["1h", "1d"], "trading_pair": None}
    times = {"start_time": days_ago(100).timestamp(), "end_time": days_ago(88).timestamp()}
    answer = await ask(stored_api, **body, **times)
    found = answer.json()
    assert [(pair, list(lists)) for pair, lists in found.items()] == [
        ("BTC-USDT", ["1h", "1d"]),
        ("ETH-USDT", ["1h", "1d"]),
    ]
    notes = json.loads(answer.headers["X-Candle-Gaps"])
    assert {(note["pair"], note["interval"]) for note in notes} == {
        (pair, interval) for pair in ("BTC-USDT", "ETH-USDT") for interval in ("1h", "1d")
    }
    for note in notes:
        assert note["end"] == found[note["pair"]]["1h"][0]["timestamp"]


async def test_seconds_are_fetched_as_they_are(stored_api: httpx.AsyncClient) -> None:
    end = datetime.now(UTC)
    answer = await ask(stored_api, interval="1s", start_time=end.timestamp() - 30)
    assert answer.status_code == 200, answer.text
