from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aviary_market_data.candle_store.grid import by_month, grid_of, month_name
from aviary_market_data.candle_store.spans import Gap, Span, gaps_minus, gaps_union, minus, union, within

spans = st.lists(st.builds(Span, st.integers(0, 40), st.integers(0, 40)), max_size=6)
whole = st.builds(Span, st.integers(0, 40), st.integers(0, 40))


def points(each: list[Span]) -> set[int]:
    return {point for span in each for point in range(span.start_s, span.end_s)}


@given(spans)
def test_a_union_has_the_same_points_in_as_few_spans_as_possible(some: list[Span]) -> None:
    merged = union(some)
    assert points(merged) == points(some)
    assert all(left.end_s < right.start_s for left, right in pairwise(merged))


@given(spans, spans)
def test_minus_takes_exactly_those_points_away(some: list[Span], taken: list[Span]) -> None:
    assert points(minus(some, taken)) == points(some) - points(taken)


@given(spans, whole)
def test_within_keeps_what_both_have(some: list[Span], outer: Span) -> None:
    assert points(within(some, outer)) == points(some) & points([outer])


def test_gaps_merge_only_with_the_same_reason_and_lose_what_is_taken() -> None:
    gaps = [Gap(Span(0, 5), "a"), Gap(Span(5, 9), "a"), Gap(Span(9, 12), "b")]
    assert gaps_union(gaps) == [Gap(Span(0, 9), "a"), Gap(Span(9, 12), "b")]
    assert gaps_minus(gaps_union(gaps), [Span(2, 3), Span(8, 10)]) == [
        Gap(Span(0, 2), "a"),
        Gap(Span(3, 8), "a"),
        Gap(Span(10, 12), "b"),
    ]


@given(st.sampled_from(["1s", "1m", "5m", "1h", "3d", "1w", "1M"]), st.integers(10**9, 2 * 10**9))
def test_a_candle_holds_its_moment_and_openings_follow_each_other(interval: str, at_s: int) -> None:
    grid = grid_of(interval)
    opened = grid.floor(at_s)
    after = grid.moved(opened, 1)
    assert opened <= at_s < after
    assert grid.floor(after) == after
    assert grid.floor(after - 1) == opened
    assert grid.count(Span(opened, grid.moved(opened, 7))) == 7


@given(st.sampled_from(["1m", "1h", "1M"]), st.sets(st.integers(0, 30), max_size=30))
def test_holes_and_runs_are_what_is_missing_and_what_is_there(interval: str, there: set[int]) -> None:
    grid = grid_of(interval)
    every = [grid.moved(grid.floor(1_700_000_000), place) for place in range(32)]
    span = Span(every[0], every[31])
    opens = [every[place] for place in sorted(there)]
    missing = [every[place] for place in range(31) if place not in there]
    holes, runs = grid.holes(opens, span), grid.runs(opens)
    assert [at for at in every[:31] if any(hole.start_s <= at < hole.end_s for hole in holes)] == missing
    assert union([*holes, *runs]) == [span]
    assert not any(hole & run for hole in holes for run in runs)


def test_weeks_open_on_mondays_and_spans_are_cut_by_months() -> None:
    assert grid_of("1w").floor(1_700_000_000) == 1_699_833_600  # 2023-11-13, a Monday
    parts = list(by_month(Span(1_698_000_000, 1_704_500_000)))
    assert [month_name(part.start_s) for part in parts] == ["2023-10", "2023-11", "2023-12", "2024-01"]
    assert union(parts) == [Span(1_698_000_000, 1_704_500_000)]
