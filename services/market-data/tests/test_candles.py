from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest

from aviary_market_data.candles import service
from aviary_market_data.candles.intervals import is_interval, shortest

from .venue import Venue

COLUMNS = {1: "open", 2: "high", 3: "low", 4: "close", 5: "volume", 7: "quote_asset_volume"}
COLUMNS |= {8: "n_trades", 9: "taker_buy_base_volume", 10: "taker_buy_quote_volume"}
LATEST = "/market-data/candles"
HISTORICAL = "/market-data/historical-candles"


async def ask(api: httpx.AsyncClient, path: str, **body: Any) -> httpx.Response:
    return await api.post(path, json={"connector_name": "sandbox", **body})


def hours_ago(hours: int) -> datetime:
    """A past full hour."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours)


async def venues_candles(venue: Venue, interval: str, start: datetime, end: datetime) -> list[dict[str, float]]:
    rows = await venue.ask(
        "klines",
        symbol="BTCUSDT",
        interval=interval,
        startTime=int(start.timestamp() * 1000),
        endTime=int(end.timestamp() * 1000),
        limit=1000,
    )
    return [
        {"timestamp": row[0] / 1000, **{name: float(row[place]) for place, name in COLUMNS.items()}} for row in rows
    ]


@pytest.mark.parametrize("interval", ["1m", "1h", "1d"])
async def test_the_newest_candles_come_oldest_first_and_end_with_the_open_one(
    api: httpx.AsyncClient, interval: str
) -> None:
    step = shortest(interval).total_seconds()
    now = datetime.now(UTC).timestamp()
    candles = (await ask(api, LATEST, trading_pair="BTC-USDT", interval=interval, max_records=30)).json()
    assert len(candles) == 30
    assert all(later["timestamp"] - earlier["timestamp"] == step for earlier, later in pairwise(candles))
    assert now - step <= candles[-1]["timestamp"] <= datetime.now(UTC).timestamp()


@pytest.mark.parametrize("connector", ["sandbox", "sandbox_perpetual"])
async def test_candles_page_through_the_venue_without_gaps_or_doubles(api: httpx.AsyncClient, connector: str) -> None:
    answer = await ask(api, LATEST, connector_name=connector, trading_pair="BTC-USDT", interval="1m", max_records=2500)
    opens = [candle["timestamp"] for candle in answer.json()]
    assert len(opens) == 2500
    assert {later - earlier for earlier, later in pairwise(opens)} == {60.0}


async def test_the_scalar_form_has_defaults(api: httpx.AsyncClient) -> None:
    opens = [candle["timestamp"] for candle in (await ask(api, LATEST, trading_pair="BTC-USDT")).json()]
    assert len(opens) == 500
    assert opens[1] - opens[0] == 60


@pytest.mark.parametrize(
    ("body", "shape"),
    [
        (
            {"trading_pairs": ["BTC-USDT", "eth-usdt"], "intervals": ["1m", "1h"]},
            {"BTC-USDT": ["1m", "1h"], "ETH-USDT": ["1m", "1h"]},
        ),
        ({"trading_pairs": ["BTC-USDT"]}, {"BTC-USDT": ["1m"]}),
        ({"trading_pairs": ["BTC-USDT"], "interval": "5m"}, {"BTC-USDT": ["5m"]}),
        ({"trading_pair": "BTC-USDT", "intervals": ["1h"]}, {"BTC-USDT": ["1h"]}),
        ({"trading_pairs": ["BTC-USDT", "BTC-USDT"], "intervals": ["1m", "1m"]}, {"BTC-USDT": ["1m"]}),
    ],
    ids=["lists", "pairs only", "pairs and one interval", "one pair and intervals", "named twice"],
)
@pytest.mark.parametrize("path", [LATEST, HISTORICAL])
async def test_the_list_form_has_a_list_per_pair_and_interval(
    api: httpx.AsyncClient, path: str, body: dict[str, Any], shape: dict[str, list[str]]
) -> None:
    limit = {"max_records": 5} if path == LATEST else {"start_time": hours_ago(3).isoformat()}
    found = (await ask(api, path, **body, **limit)).json()
    assert {pair: list(lists) for pair, lists in found.items()} == shape
    assert all(candles for lists in found.values() for candles in lists.values())


@pytest.mark.parametrize("path", [LATEST, HISTORICAL])
@pytest.mark.parametrize(
    "body", [{}, {"interval": "1m"}, {"trading_pairs": []}, {"trading_pair": "BTC-USDT", "intervals": []}]
)
async def test_no_pair_or_an_empty_list_is_refused(api: httpx.AsyncClient, path: str, body: dict[str, Any]) -> None:
    assert (await ask(api, path, **body)).status_code == 422


@pytest.mark.parametrize("path", [LATEST, HISTORICAL])
@pytest.mark.parametrize("interval", ["7m", "1x", "", "m", "15", "1H"])
async def test_an_unsupported_interval_is_refused_and_the_supported_are_listed(
    api: httpx.AsyncClient, path: str, interval: str
) -> None:
    answer = await ask(api, path, trading_pair="BTC-USDT", interval=interval)
    assert (answer.status_code, answer.json()["code"]) == (400, "unsupported_interval")
    for supported in ("1m", "1h", "1d", "1M"):
        assert supported in answer.json()["detail"]


@pytest.mark.parametrize("path", [LATEST, HISTORICAL])
async def test_unknown_pairs_are_not_found_and_all_named(api: httpx.AsyncClient, path: str) -> None:
    answer = await ask(api, path, trading_pairs=["FOO-USDT", "BTC-USDT", "BAR-USDT"], intervals=["1m"])
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_pair")
    assert "FOO-USDT, BAR-USDT" in answer.json()["detail"]


@pytest.mark.parametrize("interval", ["1m", "5m", "1h"])
async def test_a_range_is_the_venues_with_both_ends(api: httpx.AsyncClient, venue: Venue, interval: str) -> None:
    start, end = hours_ago(5), hours_ago(2)
    answer = await ask(
        api,
        HISTORICAL,
        trading_pair="BTC-USDT",
        interval=interval,
        start_time=start.timestamp(),
        end_time=end.timestamp(),
    )
    candles = answer.json()
    assert candles == await venues_candles(venue, interval, start, end)
    assert (candles[0]["timestamp"], candles[-1]["timestamp"]) == (start.timestamp(), end.timestamp())


@pytest.mark.parametrize(
    "write",
    [
        lambda moment: int(moment.timestamp()),
        lambda moment: int(moment.timestamp() * 1000),
        lambda moment: str(int(moment.timestamp())),
        lambda moment: moment.isoformat(),
        lambda moment: moment.replace(tzinfo=None).isoformat(),
        lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
    ],
    ids=["seconds", "milliseconds", "text", "ISO", "ISO without zone", "ISO with Z"],
)
async def test_times_are_taken_in_every_form(api: httpx.AsyncClient, write: Any) -> None:
    start, end = hours_ago(4), hours_ago(3)
    times = {"start_time": write(start), "end_time": write(end)}
    candles = (await ask(api, HISTORICAL, trading_pair="BTC-USDT", interval="15m", **times)).json()
    assert [candle["timestamp"] for candle in candles] == [start.timestamp() + 900 * number for number in range(5)]


async def test_ends_between_candles_are_not_rounded(api: httpx.AsyncClient) -> None:
    start = hours_ago(4) + timedelta(seconds=1)
    times = {"start_time": start.timestamp(), "end_time": start.timestamp() + 3598}
    candles = (await ask(api, HISTORICAL, trading_pair="BTC-USDT", interval="30m", **times)).json()
    assert [candle["timestamp"] for candle in candles] == [start.timestamp() - 1 + 1800]


async def test_a_range_without_a_start_is_the_last_500_up_to_its_end(api: httpx.AsyncClient) -> None:
    end = hours_ago(2)
    candles = (await ask(api, HISTORICAL, trading_pair="BTC-USDT", end_time=end.timestamp())).json()
    assert (len(candles), candles[-1]["timestamp"]) == (500, end.timestamp())


async def test_a_range_without_an_end_goes_up_to_now(api: httpx.AsyncClient) -> None:
    now = datetime.now(UTC).timestamp()
    candles = (await ask(api, HISTORICAL, trading_pair="BTC-USDT", start_time=hours_ago(1).timestamp())).json()
    assert candles[0]["timestamp"] == hours_ago(1).timestamp()
    assert candles[-1]["timestamp"] >= now - 60


@pytest.mark.parametrize(
    "times",
    [
        {"start_time": 1_700_003_600, "end_time": 1_700_000_000},
        {"start_time": 33_000_000_000},
        {"start_time": -1},
        {"start_time": "yesterday"},
        {"end_time": True},
    ],
    ids=["start after end", "start after now", "before 1970", "words", "no time"],
)
async def test_times_that_make_no_range_are_refused(api: httpx.AsyncClient, times: dict[str, Any]) -> None:
    assert (await ask(api, HISTORICAL, trading_pair="BTC-USDT", **times)).status_code == 422


async def test_too_many_candles_are_refused_before_the_venue_is_asked(api: httpx.AsyncClient, venue: Venue) -> None:
    counter = await venue.count("/api/v3/klines")
    pairs = ["BTC-USDT", "ETH-USDT", "SOL-USDT"]
    for path, body in (
        (LATEST, {"trading_pair": "BTC-USDT", "max_records": service.MAX_RECORDS + 1}),
        (LATEST, {"trading_pairs": pairs, "max_records": service.MAX_RECORDS // 2}),
        (HISTORICAL, {"trading_pair": "BTC-USDT", "start_time": 1_500_000_000}),
        (HISTORICAL, {"trading_pairs": pairs, "start_time": hours_ago(400).timestamp()}),
    ):
        answer = await ask(api, path, **body)
        assert (answer.status_code, answer.json()["code"]) == (400, "too_many"), answer.text
        assert "50,000" in answer.json()["detail"]
    assert await venue.counted(counter) == 0


@pytest.mark.parametrize("records", [0, -1])
async def test_no_records_are_refused(api: httpx.AsyncClient, records: int) -> None:
    assert (await ask(api, LATEST, trading_pair="BTC-USDT", max_records=records)).status_code == 422


async def test_a_range_of_months_is_complete(api: httpx.AsyncClient) -> None:
    third = hours_ago(0).replace(day=1, hour=0)
    second = (third - timedelta(days=1)).replace(day=1)
    first = (second - timedelta(days=1)).replace(day=1)
    times = {"start_time": first.timestamp(), "end_time": third.timestamp()}
    candles = (await ask(api, HISTORICAL, trading_pair="BTC-USDT", interval="1M", **times)).json()
    assert [candle["timestamp"] for candle in candles] == [month.timestamp() for month in (first, second, third)]


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("1s", True),
        ("15m", True),
        ("1M", True),
        ("1y", True),
        ("15", False),
        ("0m", False),
        ("m", False),
        ("1x", False),
    ],
)
def test_intervals_are_known_by_number_and_unit(name: str, known: bool) -> None:
    assert is_interval(name) is known


@pytest.mark.parametrize(("month", "days"), [("1M", 28), ("2M", 56), ("1w", 7), ("1y", 365)])
def test_no_candle_is_shorter_than_its_interval_says(month: str, days: int) -> None:
    assert shortest(month) == timedelta(days=days)
