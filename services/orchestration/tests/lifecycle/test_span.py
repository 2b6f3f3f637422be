"""Which trades are asked for, and which of them are told."""

from datetime import UTC, datetime, timedelta

import pytest

from aviary_orchestration.lifecycle.history import Span

NOW = datetime(2026, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "days"),
    [
        (Span(), 0),
        (Span(days=7), 7),
        (Span(days=7, start=NOW - timedelta(days=2)), 2),
        (Span(start=NOW - timedelta(days=2, seconds=1)), 3),
        (Span(start=NOW - timedelta(hours=1)), 1),
        (Span(start=NOW + timedelta(days=5)), 1),
        (Span(end=NOW), 0),
    ],
)
def test_days_reach_back_to_the_start(span: Span, days: int) -> None:
    assert span.days_back(NOW) == days


@pytest.mark.parametrize(("offset_s", "held"), [(-1, False), (0, True), (60, True), (120, True), (121, False)])
def test_trades_within_the_span_are_held(offset_s: int, held: bool) -> None:
    span = Span(start=NOW, end=NOW + timedelta(seconds=120))
    at_ms = (NOW + timedelta(seconds=offset_s)).timestamp() * 1000
    assert span.holds({"trade_timestamp": at_ms}) is held


def test_without_a_span_everything_is_held() -> None:
    assert Span().holds({"trade_timestamp": 0})


def test_a_trade_without_a_time_is_held() -> None:
    assert Span(start=NOW).holds({})
    assert Span(start=NOW).holds({"trade_timestamp": "yesterday"})
