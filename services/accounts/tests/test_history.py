"""Pages of history. Each test has a year of its own in the table."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest

from aviary_accounts.snapshots.documents import Gap
from aviary_common.database import Database

from .rows import snapshot, write

_years: Iterator[int] = count(2100)
ONE, TWO, PERPETUAL = ("One", "sandbox"), ("two", "sandbox"), ("two", "sandbox_perpetual")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def year() -> datetime:
    return datetime(next(_years), 1, 1, tzinfo=UTC)


async def history(api: httpx.AsyncClient, year: datetime, **wanted: Any) -> Any:
    """Of that year."""
    body = {"start_time": year.isoformat(), "end_time": (year + timedelta(days=364)).isoformat(), **wanted}
    answer = await api.post("/portfolio/history", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def units(page: Any) -> list[float]:
    return [moment["state"]["One"]["sandbox"][0]["units"] for moment in page["data"]]


async def write_every(database: Database, start: datetime, step: timedelta, number: int) -> None:
    """Units count up from 1."""
    rows = (snapshot(start + place * step, {ONE: str(place + 1)}) for place in range(number))
    await write(database, *rows)


async def test_a_moment_has_its_time_its_state_and_no_gaps(
    api: httpx.AsyncClient, database: Database, year: datetime
) -> None:
    await write(database, snapshot(year + timedelta(minutes=5, seconds=7), {ONE: "1.5", TWO: "2"}))
    page = await history(api, year)
    token = {"token": "USDT", "price": 1}
    assert page["data"] == [
        {
            "timestamp": f"{year.year}-01-01T00:05:07+00:00",
            "state": {
                "One": {"sandbox": [{**token, "units": 1.5, "value": 1.5, "available_units": 1.5}]},
                "two": {"sandbox": [{**token, "units": 2, "value": 2, "available_units": 2}]},
            },
            "gaps": [],
        }
    ]
    assert page["pagination"] == {
        "limit": 100,
        "has_more": False,
        "next_cursor": None,
        "current_cursor": None,
        "total_count": 1,
        "filters": {
            "account_names": None,
            "connector_names": None,
            "start_time": f"{year.year}-01-01T00:00:00+00:00",
            "end_time": (year + timedelta(days=364)).isoformat(),
            "interval": "5m",
        },
    }
    assert (page["next_cursor"], page["total"]) == (None, 1)


async def test_pages_go_from_new_to_old_without_a_gap_or_a_double(
    api: httpx.AsyncClient, database: Database, year: datetime
) -> None:
    await write_every(database, year, 5 * MINUTE, 25)
    seen: list[float] = []
    cursor = None
    while True:
        page = await history(api, year, limit=10, cursor=cursor)
        assert page["pagination"]["current_cursor"] == cursor
        assert page["pagination"]["total_count"] == page["total"] == 25
        assert page["pagination"]["next_cursor"] == page["next_cursor"]
        assert page["pagination"]["has_more"] is (page["next_cursor"] is not None)
        seen += units(page)
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == list(range(25, 0, -1))


async def test_a_full_last_page_ends_the_history(api: httpx.AsyncClient, database: Database, year: datetime) -> None:
    await write_every(database, year, 5 * MINUTE, 10)
    assert (await history(api, year, limit=10))["next_cursor"] is None
    assert (await history(api, year, limit=9))["next_cursor"] is not None


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ("5m", [25, 20, 15, 10, 5]),
        (None, [25, 20, 15, 10, 5]),
        ("15m", [25, 15]),
        ("30m", [25]),
    ],
)
async def test_each_aligned_interval_gives_its_newest_snapshot(
    api: httpx.AsyncClient, database: Database, year: datetime, interval: str | None, expected: list[float]
) -> None:
    await write_every(database, year, MINUTE, 25)
    page = await history(api, year, interval=interval)
    assert units(page) == expected
    assert page["total"] == len(expected)


@pytest.mark.parametrize(("interval", "hours"), [("1h", 1), ("4h", 4), ("12h", 12), ("1d", 24)])
async def test_long_intervals_are_aligned_to_the_day(
    api: httpx.AsyncClient, database: Database, year: datetime, interval: str, hours: int
) -> None:
    await write_every(database, year, 30 * MINUTE, 4 * 48)
    page = await history(api, year, interval=interval)
    assert units(page) == list(range(4 * 48, 0, -2 * hours))


async def test_empty_stretches_cost_no_moments(api: httpx.AsyncClient, database: Database, year: datetime) -> None:
    times = [year, year + timedelta(days=100), year + timedelta(days=300)]
    await write(database, *(snapshot(at, {ONE: str(place)}) for place, at in enumerate(times, 1)))
    assert units(await history(api, year, interval="1h")) == [3, 2, 1]


async def test_pages_stay_the_same_while_snapshots_are_taken(
    api: httpx.AsyncClient, database: Database, year: datetime
) -> None:
    await write_every(database, year, 30 * MINUTE, 20)
    first = await history(api, year, interval="1h", limit=4)
    newer = year + 19 * 30 * MINUTE + MINUTE
    await write(database, snapshot(newer, {ONE: "100"}), snapshot(newer + 2 * HOUR, {ONE: "101"}))
    second = await history(api, year, interval="1h", limit=4, cursor=first["next_cursor"])
    assert units(first) + units(second) == [20, 18, 16, 14, 12, 10, 8, 6]
    assert second["total"] == 10


def in_seconds(at: datetime) -> Any:
    return int(at.timestamp())


def in_milliseconds(at: datetime) -> Any:
    return int(at.timestamp() * 1000)


@pytest.mark.parametrize("form", [in_seconds, in_milliseconds, datetime.isoformat])
async def test_start_and_end_belong_to_the_range_in_every_form(
    api: httpx.AsyncClient, database: Database, year: datetime, form: Any
) -> None:
    await write_every(database, year, 5 * MINUTE, 10)
    start, end = year + 10 * MINUTE, year + 20 * MINUTE
    page = await history(api, year, start_time=form(start), end_time=form(end))
    assert units(page) == [5, 4, 3]
    assert page["total"] == 3


@pytest.mark.parametrize("key", ["connector_names", "connectors"])
async def test_accounts_and_connectors_are_filtered_without_case(
    api: httpx.AsyncClient, database: Database, year: datetime, key: str
) -> None:
    await write(
        database,
        snapshot(year, {ONE: "1"}),
        snapshot(year + HOUR, {ONE: "2", TWO: "3"}),
        snapshot(year + 2 * HOUR, {ONE: "4", TWO: "5", PERPETUAL: "6"}),
    )
    of_two = await history(api, year, account_names=["TWO"])
    assert [moment["state"].keys() for moment in of_two["data"]] == [{"two"}, {"two"}]
    assert of_two["total"] == 2
    perpetual = await history(api, year, **{key: ["Sandbox_Perpetual"]})
    assert [moment["state"]["two"].keys() for moment in perpetual["data"]] == [{"sandbox_perpetual"}]
    both = await history(api, year, account_names=["one", "two"], **{key: ["sandbox"]})
    assert [list(moment["state"]) for moment in both["data"]] == [["One", "two"], ["One", "two"], ["One"]]
    assert (await history(api, year, account_names=["one"], **{key: ["sandbox_perpetual"]}))["data"] == []
    assert (await history(api, year, account_names=["nobody"]))["total"] == 0


async def test_a_sample_is_taken_among_the_snapshots_that_match(
    api: httpx.AsyncClient, database: Database, year: datetime
) -> None:
    await write(database, snapshot(year, {ONE: "1", TWO: "2"}), snapshot(year + MINUTE, {TWO: "3"}))
    page = await history(api, year, account_names=["one"], interval="1h")
    assert (units(page), page["total"]) == ([1], 1)


async def test_gaps_are_told_and_filtered(api: httpx.AsyncClient, database: Database, year: datetime) -> None:
    gap = Gap(account_name="two", connector_name="sandbox", what="balances", as_of=None, reason="The venue is away.")
    await write(database, snapshot(year, {ONE: "1"}, [gap]))
    assert (await history(api, year))["data"][0]["gaps"] == [gap.model_dump()]
    assert (await history(api, year, account_names=["one"]))["data"][0]["gaps"] == []
    of_two = await history(api, year, account_names=["two"])
    assert [(moment["state"], moment["gaps"]) for moment in of_two["data"]] == [({}, [gap.model_dump()])]


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 0},
        {"limit": 1001},
        {"interval": "2h"},
        {"interval": 5},
        {"start_time": "yesterday"},
        {"end_time": -1},
        {"account_names": "one"},
    ],
)
async def test_what_makes_no_sense_is_422(api: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await api.post("/portfolio/history", json=body)).status_code == 422


async def test_a_wrong_interval_is_told_the_right_ones(api: httpx.AsyncClient) -> None:
    answer = await api.post("/portfolio/history", json={"interval": "2h"})
    assert "'5m', '15m', '30m', '1h', '4h', '12h' or '1d'" in answer.text


async def test_a_cursor_from_elsewhere_is_400(api: httpx.AsyncClient, database: Database, year: datetime) -> None:
    await write_every(database, year, 5 * MINUTE, 5)
    cursor = (await history(api, year, limit=2))["next_cursor"]
    foreign = ["x", "2026-01-01T10:05:00+00:00", "~", cursor[:-3], "WzEsMl0", f"{cursor}A"]
    bodies = [{"cursor": each} for each in foreign]
    bodies += [{"cursor": cursor, **other} for other in ({}, {"interval": "1h"}, {"account_names": ["one"]})]
    for body in bodies:
        answer = await api.post("/portfolio/history", json=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor"), body


async def test_no_body_and_the_highest_limit_are_fine(api: httpx.AsyncClient) -> None:
    for body in (None, {}, {"limit": 1000}, {"cursor": None, "start_time": None, "interval": None}):
        answer = (
            await api.post("/portfolio/history/", json=body)
            if body is not None
            else await api.post("/portfolio/history")
        )
        assert answer.status_code == 200, answer.text


async def test_a_range_that_ends_before_it_starts_is_empty(api: httpx.AsyncClient, year: datetime) -> None:
    page = await history(api, year, end_time=(year - HOUR).isoformat())
    assert (page["data"], page["total"]) == ([], 0)


async def test_the_documented_form_is_the_sent_form(api: httpx.AsyncClient, database: Database, year: datetime) -> None:
    from aviary_accounts.snapshots.schemas import HistoryPage

    gap = Gap(account_name="two", connector_name="x", what="prices", as_of=year.isoformat(), reason="away")
    await write(database, snapshot(year, {ONE: "1"}, [gap]))
    page = await history(api, year)
    assert HistoryPage.model_validate(page).model_dump(mode="json")["data"][0]["gaps"] == page["data"][0]["gaps"]
