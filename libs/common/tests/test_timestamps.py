from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_common.timestamps import parse_time

MOMENT = datetime(2026, 1, 1, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        1767261600,
        1767261600000,
        "1767261600",
        "1767261600000",
        1767261600.0,
        "2026-01-01T10:00:00Z",
        "2026-01-01T10:00:00",
        "2026-01-01T12:00:00+02:00",
    ],
)
def test_every_form_means_the_same_moment(text: object) -> None:
    assert parse_time(text) == MOMENT
    assert parse_time(text).tzinfo is UTC


@given(st.datetimes(min_value=datetime(1975, 1, 1), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001
def test_seconds_and_milliseconds_are_told_apart_by_size(naive: datetime) -> None:
    moment = naive.replace(microsecond=0, tzinfo=UTC)
    seconds = int(moment.timestamp())
    assert parse_time(seconds) == parse_time(seconds * 1000) == moment


def test_another_zone_becomes_utc() -> None:
    assert parse_time(MOMENT.astimezone(timezone(timedelta(hours=5)))) == MOMENT


@pytest.mark.parametrize("bad", ["yesterday", "", True, None, [1], float("nan"), float("inf"), -1, "1e400"])
def test_what_is_no_time_is_refused(bad: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - pydantic turns any ValueError into a 422
        parse_time(bad)
