"""What is fetched is stored or named as missing, whatever the venue does."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from aviary_common.database import Database
from aviary_exchange.errors import VenueUnavailable
from aviary_exchange.port import PublicExchange
from aviary_market_data.candle_store.files import Series
from aviary_market_data.candle_store.frames import opens_of
from aviary_market_data.candle_store.grid import MINUTES, grid_of
from aviary_market_data.candle_store.reasons import NO_TRADES, NOT_FETCHED, NOT_LISTED, NOT_YET
from aviary_market_data.candle_store.service import CandleStore
from aviary_market_data.candle_store.spans import Gap, Span, union

from .sparse import SparseVenue, candle

START = 1_790_000_000 // 86_400 * 86_400
MINUTE = Series("sandbox", "BTC-USDT", "1m")


def minutes(first: int, after: int) -> list[int]:
    return [START + 60 * place for place in range(first, after)]


def span(first: int, after: int) -> Span:
    return Span(START + 60 * first, START + 60 * after)


def played(venue: SparseVenue) -> PublicExchange:
    return cast(PublicExchange, venue)


async def provide(store: CandleStore, venue: SparseVenue, wanted: Span, interval: str = "1m") -> Any:
    return await store.provide(played(venue), "BTC-USDT", interval, wanted)


@pytest.mark.parametrize("pages_by_time", [False, True])
async def test_holes_are_gaps_and_everything_else_is_there(store: CandleStore, pages_by_time: bool) -> None:
    there = minutes(0, 100) + minutes(103, 900) + minutes(2600, 3000)
    answer = await provide(store, SparseVenue(there, pages_by_time=pages_by_time), span(0, 3000))
    assert opens_of(answer.frame) == there
    assert answer.gaps == [Gap(span(100, 103), NO_TRADES), Gap(span(900, 2600), NO_TRADES)]


async def test_what_is_left_out_once_is_asked_for_again(store: CandleStore) -> None:
    venue = SparseVenue(minutes(0, 1200), forgets=set(minutes(5, 9)) | set(minutes(1100, 1150)))
    answer = await provide(store, venue, span(0, 1200))
    assert opens_of(answer.frame) == minutes(0, 1200)
    assert answer.gaps == []


async def test_what_is_missing_before_everything_else_was_not_listed(store: CandleStore) -> None:
    venue = SparseVenue(minutes(500, 600))
    assert (await provide(store, venue, span(0, 600))).gaps == [Gap(span(0, 500), NOT_LISTED)]
    traded_before = SparseVenue([START - 86_400, *minutes(700, 800)])
    assert (await provide(store, traded_before, span(600, 800))).gaps == [Gap(span(600, 700), NO_TRADES)]


async def test_the_venue_is_asked_only_for_what_is_missing(store: CandleStore) -> None:
    venue = SparseVenue(minutes(0, 400))
    await provide(store, venue, span(100, 200))
    assert venue.calls == 1
    await provide(store, venue, span(120, 180))
    assert venue.calls == 1
    answer = await provide(store, venue, span(50, 250))
    assert venue.calls == 3, "one call on each side"
    assert opens_of(answer.frame) == minutes(50, 250)


async def test_what_may_only_be_late_is_reported_and_asked_for_again(store: CandleStore) -> None:
    now = int(time.time()) // 60 * 60 - 120
    wanted = Span(now - 600, now)
    first = list(range(wanted.start_s, wanted.end_s - 180, 60))
    venue = SparseVenue(first)
    answer = await provide(store, venue, wanted)
    assert answer.gaps == [Gap(Span(wanted.end_s - 180, wanted.end_s), NOT_YET)]
    venue.opens = list(range(wanted.start_s, wanted.end_s, 60))
    answer = await provide(store, venue, wanted)
    assert (opens_of(answer.frame), answer.gaps) == (venue.opens, [])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sets(st.integers(0, 120), max_size=100),
    st.lists(st.tuples(st.integers(0, 120), st.integers(1, 40)), min_size=1, max_size=4),
    st.booleans(),
)
async def test_a_fetched_range_with_an_unreported_hole_is_impossible(
    store: CandleStore, database: Database, there: set[int], asked: list[tuple[int, int]], pages_by_time: bool
) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("delete from candle_series"))
    opens = [START + 60 * place for place in sorted(there)]
    venue = SparseVenue(opens, pages_by_time=pages_by_time)
    for first, length in asked:
        wanted = span(first, first + length)
        answer = await provide(store, venue, wanted)
        expected = [opened for opened in opens if wanted.start_s <= opened < wanted.end_s]
        assert opens_of(answer.frame) == expected
        assert union(gap.span for gap in answer.gaps) == MINUTES.holes(expected, wanted)


async def test_a_range_over_months_is_in_a_file_each(store: CandleStore, folder: Path) -> None:
    day = 86_400
    wanted = Span(START, START + 70 * day)
    venue = SparseVenue(list(range(START, START + 70 * day, 3600)), interval="1h")
    assert grid_of("1h").derivable
    answer = await provide(store, venue, wanted, "1h")
    assert answer.frame.height == 70 * 24
    names = sorted(path.name for path in (folder / "sandbox" / "BTC-USDT" / "1h").iterdir())
    assert names == ["2026-09.parquet", "2026-10.parquet", "2026-11.parquet"]


async def test_long_candles_come_from_minutes_that_are_fetched_once(store: CandleStore) -> None:
    venue = SparseVenue(minutes(0, 3000))
    venue.intervals = lambda: ("1m", "5m", "1h", "1d")  # type: ignore[method-assign]
    hours = await provide(store, venue, span(0, 2880), "1h")
    calls = venue.calls
    fives = await provide(store, venue, span(0, 2880), "5m")
    days = await provide(store, venue, span(0, 2880), "1d")
    assert venue.calls == calls
    assert (hours.frame.height, fives.frame.height, days.frame.height) == (48, 576, 2)
    assert days.frame["volume"].to_list() == [7200.0, 7200.0]


async def test_a_range_of_too_many_minutes_is_fetched_as_it_is(store: CandleStore) -> None:
    day = 86_400
    venue = SparseVenue(list(range(START, START + 60 * day, 3600)), interval="1h")
    venue.intervals = lambda: ("1m", "1h", "1d")  # type: ignore[method-assign]
    assert (await provide(store, venue, Span(START, START + 60 * day), "1h")).frame.height == 60 * 24
    kept = await store.known(Series("sandbox", "BTC-USDT", "1m"))
    assert kept.id == 0, "86,400 minutes were not worth it"
    calls = venue.calls
    await provide(store, venue, Span(START, START + 30 * day), "1h")
    assert venue.calls == calls


@pytest.mark.parametrize("harm", ["missing", "changed", "cut", "of another month"])
async def test_a_damaged_file_is_not_fetched_and_healed(store: CandleStore, folder: Path, harm: str) -> None:
    venue = SparseVenue(minutes(0, 400))
    before = await provide(store, venue, span(0, 400))
    (path,) = (folder / "sandbox" / "BTC-USDT" / "1m").iterdir()
    content = path.read_bytes()
    if harm == "missing":
        path.unlink()
    elif harm == "changed":
        path.write_bytes(content[:200] + bytes([content[200] ^ 1]) + content[201:])
    elif harm == "cut":
        path.write_bytes(content[: len(content) // 2])
    else:
        path.write_bytes(b"")
    stored = await store.read("sandbox", "BTC-USDT", "1m", span(0, 400))
    assert (stored.frame.height, stored.gaps) == (0, [Gap(span(0, 400), NOT_FETCHED)])
    calls = venue.calls
    after = await provide(store, venue, span(0, 400))
    assert venue.calls > calls
    assert after.frame.equals(before.frame)
    assert (await store.read("sandbox", "BTC-USDT", "1m", span(0, 400))).gaps == []


async def test_many_at_once_fetch_once_also_in_two_replicas(new_store: Callable[[], CandleStore]) -> None:
    venue = SparseVenue(minutes(0, 400))
    stores = [new_store(), new_store()]
    answers = await asyncio.gather(*(provide(stores[turn % 2], venue, span(0, 400)) for turn in range(20)))
    assert venue.calls == 1
    assert all(opens_of(answer.frame) == minutes(0, 400) for answer in answers)


async def test_overlapping_ranges_at_once_store_everything_once(new_store: Callable[[], CandleStore]) -> None:
    venue = SparseVenue(minutes(0, 2000))
    stores = [new_store(), new_store()]
    wanted = [span(first, first + 300) for first in range(0, 1500, 100)]
    answers = await asyncio.gather(*(provide(stores[turn % 2], venue, each) for turn, each in enumerate(wanted)))
    for each, answer in zip(wanted, answers, strict=True):
        assert opens_of(answer.frame) == list(range(each.start_s, each.end_s, 60))
    assert (await store_rows(stores[0])) == 1700


async def store_rows(store: CandleStore) -> int:
    return sum(month.rows for month in (await store.known(MINUTE)).months.values())


async def test_a_failing_venue_stores_nothing_wrong_and_is_not_asked_by_everybody(store: CandleStore) -> None:
    venue = SparseVenue(minutes(0, 400), failures=[VenueUnavailable("down")], fails_after_s=2)
    answers = await asyncio.gather(*(provide(store, venue, span(0, 400)) for _ in range(10)), return_exceptions=True)
    assert all(isinstance(answer, VenueUnavailable) for answer in answers)
    assert venue.calls == 1
    assert opens_of((await provide(store, venue, span(0, 400))).frame) == minutes(0, 400)


async def test_a_kill_between_the_file_and_its_catalogue_entry_loses_nothing(
    store: CandleStore, new_store: Callable[[], CandleStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    from aviary_market_data.candle_store import catalogue

    venue = SparseVenue(minutes(0, 400))
    await provide(store, venue, span(0, 100))

    async def killed(*_: object) -> bool:
        raise ConnectionResetError

    with monkeypatch.context() as patched:
        patched.setattr(catalogue, "arrived", killed)
        with pytest.raises(ConnectionResetError):
            await provide(store, venue, span(100, 200))
    after = new_store()
    assert (await after.read("sandbox", "BTC-USDT", "1m", span(0, 200))).gaps == [Gap(span(100, 200), NOT_FETCHED)]
    assert opens_of((await provide(after, venue, span(0, 300))).frame) == minutes(0, 300)


async def test_closed_candles_are_kept_where_they_continue_a_fetched_range(store: CandleStore) -> None:
    await provide(store, SparseVenue(minutes(0, 100)), span(0, 100))
    store.append("sandbox", "BTC-USDT", "1m", [candle(opened, 7) for opened in minutes(98, 103)])
    store.append("sandbox", "BTC-USDT", "1m", [candle(opened) for opened in minutes(110, 120)])
    store.append("sandbox", "ETH-USDT", "1m", [candle(opened) for opened in minutes(100, 103)])
    await store.flush()
    known = await store.known(MINUTE)
    assert known.ranges == [span(0, 103)], "what comes after a hole is not kept: nobody has asked about the hole"
    stored = await store.read("sandbox", "BTC-USDT", "1m", span(0, 103))
    assert opens_of(stored.frame) == minutes(0, 103)
    assert stored.frame["open"].to_list()[96:] == [100.0] * 4 + [7.0] * 3, "what is there already stays"
    assert (await store.known(Series("sandbox", "ETH-USDT", "1m"))).id == 0


async def test_the_open_candle_waits_until_it_has_closed(store: CandleStore) -> None:
    now = int(time.time()) // 60 * 60
    await provide(store, SparseVenue(list(range(now - 600, now, 60))), Span(now - 600, now - 60))
    store.append("sandbox", "BTC-USDT", "1m", [candle(now - 60), candle(now)])
    await store.flush()
    (fetched,) = (await store.known(MINUTE)).ranges
    assert fetched.end_s <= store.closed_until(MINUTES)


async def test_nobody_else_may_look_into_the_folder(store: CandleStore, folder: Path) -> None:
    await provide(store, SparseVenue(minutes(0, 10)), span(0, 10))
    (path,) = (folder / "sandbox" / "BTC-USDT" / "1m").iterdir()
    assert (mode(folder), mode(path)) == (0o700, 0o600)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def test_drafts_that_nobody_will_finish_are_swept_away(
    store: CandleStore, new_store: Callable[[], CandleStore], folder: Path
) -> None:
    await provide(store, SparseVenue(minutes(0, 10)), span(0, 10))
    home = folder / "sandbox" / "BTC-USDT" / "1m"
    old, young = home / ".2026-09.parquet.old", home / ".2026-09.parquet.young"
    arrival = folder / ".arrivals" / "old"
    for path in (old, young, arrival):
        path.write_bytes(b"half")
    for path in (old, arrival):
        os.utime(path, (0, 0))
    new_store()
    assert (old.exists(), young.exists(), arrival.exists()) == (False, True, False)
    assert len(list(home.glob("2*.parquet"))) == 1
