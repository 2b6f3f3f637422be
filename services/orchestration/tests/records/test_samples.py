"""Samples against the same rules written down plainly."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from random import Random

import httpx
import pytest
from sqlalchemy import delete

from aviary_common.database import Database
from aviary_common.errors import BadRequest
from aviary_common.pagination import Cursor, fingerprint
from aviary_orchestration.records import samples
from aviary_orchestration.records.history import PerformanceHistory, Wanted
from aviary_orchestration.records.intervals import STEPS
from aviary_orchestration.records.samples import ORIGIN, Sample
from aviary_orchestration.records.tables import controller_performance

NOW = datetime(2026, 5, 20, 10, 30, tzinfo=UTC)
BOTS = ("a", "b-1", "c_2")
CONTROLLERS = ("one", "two")


@pytest.fixture(scope="module")
def taken() -> list[Sample]:
    """Five days of six controllers, irregular; some at the same moment, some exactly where an interval begins."""
    random = Random(5)
    moments = [NOW - timedelta(minutes=5 * random.randrange(5 * 288)) for _ in range(250)]
    return [
        Sample(at, random.choice(BOTS), random.choice(CONTROLLERS), "running", {"volume_traded": number}, {})
        for number, at in enumerate(sorted(moments))
    ]


@pytest.fixture(autouse=True)
async def stored(database: Database, taken: list[Sample]) -> AsyncIterator[None]:
    async with database.single() as connection:
        await connection.execute(delete(controller_performance))
        await samples.add(connection, taken)
    yield
    async with database.single() as connection:
        await connection.execute(delete(controller_performance))


def expected(taken: Sequence[Sample], wanted: Wanted) -> list[int]:
    """The numbers of the samples that are left, newest first."""
    step = STEPS[wanted.interval]
    among = [
        each
        for each in taken
        if wanted.bot_name in (None, each.bot_name)
        and wanted.controller_id in (None, each.controller_id)
        and (wanted.start is None or each.at >= wanted.start)
        and (wanted.end is None or each.at <= wanted.end)
    ]
    if wanted.interval != "5m":
        of_interval = {(each.bot_name, each.controller_id, (each.at - ORIGIN) // step): each for each in among}
        among = list(of_interval.values())
    return sorted((number(each) for each in among), reverse=True)


def number(sample: Sample) -> int:
    return int(sample.performance["volume_traded"])


@pytest.mark.parametrize("interval", ["5m", "1h", "1d"])
@pytest.mark.parametrize("limit", [7, 1000])
@pytest.mark.parametrize(
    "filters",
    [
        (None, None, None, None),
        ("b-1", None, None, None),
        (None, "two", None, None),
        ("a", "one", NOW - timedelta(days=3, minutes=7), NOW - timedelta(hours=30, minutes=3)),
        (None, None, NOW - timedelta(days=2), NOW - timedelta(days=1)),
        ("nobody", None, None, None),
    ],
)
async def test_pages_have_the_newest_sample_of_each_controller_and_interval(
    database: Database,
    taken: list[Sample],
    interval: str,
    limit: int,
    filters: tuple[str | None, str | None, datetime | None, datetime | None],
) -> None:
    wanted = Wanted(*filters, interval)
    right = expected(taken, wanted)
    history = PerformanceHistory(database)
    found: list[int] = []
    cursor = None
    while True:
        page = await history.page(wanted, limit, cursor)
        assert page.total == len(right)
        found += [row.performance["volume_traded"] for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
        assert len(page.rows) == limit
    assert found == right


async def test_latest_is_the_newest_of_each_controller(database: Database, taken: list[Sample]) -> None:
    ordered = sorted(taken, key=lambda each: (each.bot_name, each.controller_id, number(each)))
    newest = [list(each)[-1] for _, each in groupby(ordered, key=lambda each: (each.bot_name, each.controller_id))]
    async with database.single() as connection:
        everybody = await samples.latest(connection, None)
        of_one = await samples.latest(connection, "b-1")
        assert await samples.latest(connection, "nobody") == []
    assert [row.performance["volume_traded"] for row in everybody] == [number(each) for each in newest]
    assert [row.performance["volume_traded"] for row in of_one] == [
        number(each) for each in newest if each.bot_name == "b-1"
    ]


@pytest.mark.parametrize("key", [[], ["x", 1], [None, 1], ["2026-05-20T10:30:00", 1], ["9999-12-31T23:59:59+00:00", 1]])
async def test_a_forged_cursor_is_refused(database: Database, key: list[object]) -> None:
    wanted = Wanted(None, None, None, None, "1d")
    forged = Cursor(fingerprint("controller-performance", vars(wanted)), 7, key).encode()
    with pytest.raises(BadRequest):
        await PerformanceHistory(database).page(wanted, 10, forged)


async def test_unknown_interval_is_refused(api: httpx.AsyncClient) -> None:
    answer = await api.get("/bot-orchestration/controller-performance-history", params={"interval": "2h"})
    assert answer.status_code == 400
