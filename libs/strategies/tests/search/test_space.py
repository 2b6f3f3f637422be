"""What a search varies."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_strategies.controllers.bollinger_v1 import BollingerV1Config
from aviary_strategies.search.errors import SpaceError
from aviary_strategies.search.space import configured, refuse_unknown, space_of
from aviary_strategies.search.trials import QUICK
from aviary_strategies.search.values import Choices, Span, values_of


def test_a_grid_has_every_combination_once() -> None:
    space = space_of({"bb_length": {"low": 10, "high": 30, "step": 10}, "stop_loss": [0.01, 0.02], "interval": ["1m"]})
    points = space.points(0, space.size or 0)
    assert space.size == 6
    assert {(point["bb_length"], point["stop_loss"]) for point in points} == {
        (length, stop) for length in (10, 20, 30) for stop in (0.01, 0.02)
    }
    with pytest.raises(IndexError):
        space.point(6)


def test_what_leaves_the_features_alone_changes_fastest() -> None:
    told = {"trailing_stop.trailing_delta": [0.1, 0.2, 0.3], "bb_length": [10, 20], "stop_loss": [0.01, 0.02]}
    lengths = [point["bb_length"] for point in space_of(told, QUICK).points(0, 12)]
    assert lengths == [10] * 6 + [20] * 6


def test_steps_of_decimals_are_the_decimals_written() -> None:
    found = values_of("stop_loss", {"low": 0.1, "high": 0.5, "step": 0.1})
    assert found == Choices((0.1, 0.2, 0.3, 0.4, 0.5), is_ordered=True)


def test_whole_bounds_make_whole_numbers() -> None:
    assert values_of("n", {"low": 1, "high": 3}) == Choices((1, 2, 3), is_ordered=True)
    assert values_of("n", {"low": 1, "high": 100, "count": 3, "log": True}) == Choices((1, 10, 100), is_ordered=True)
    assert values_of("n", {"low": 0.5, "high": 3}) == Span(0.5, 3)


@given(st.integers(0, 2**64), st.integers(0, 10**12), st.integers(1, 50))
def test_a_random_point_depends_on_seed_and_index_alone(seed: int, first: int, count: int) -> None:
    told = {name: {"low": 0.5, "high": 80.0, "log": True} for name in "abcde"} | {"f": {"low": 3, "high": 9}}
    space = space_of(told)
    points = space.random_points(seed, first, count)
    assert points == [space.random_point(seed, index) for index in range(first, first + count)]
    for point in points:
        assert all(isinstance(point[name], float) and 0.5 <= point[name] <= 80.0 for name in "abcde")
        assert point["f"] in range(3, 10)


def test_random_points_are_these_on_every_machine() -> None:
    space = space_of({"a": {"low": 0.0, "high": 1.0}, "b": {"low": 1, "high": 1000, "log": True}, "c": ["x", "y"]})
    assert space.random_points(7, 10**9, 2) == [
        {"a": 0.121562163993, "b": 188, "c": "x"},
        {"a": 0.264886572428, "b": 2, "c": "x"},
    ]


def test_random_whole_numbers_of_a_logarithmic_range_reach_both_ends() -> None:
    space = space_of({"n": {"low": 1, "high": 5, "log": True}})
    assert {point["n"] for point in space.random_points(1, 0, 500)} == {1, 2, 3, 4, 5}


def test_a_point_changes_nested_fields_and_leaves_the_base() -> None:
    base = {"trailing_stop": {"activation_price": 0.1, "trailing_delta": 0.2}, "grids": [{"start_price": 1}]}
    point = {"trailing_stop.activation_price": 0.5, "grids.0.start_price": 2, "stop_loss": 3, "triple.a": 4}
    assert configured(base, point) == {
        "trailing_stop": {"activation_price": 0.5, "trailing_delta": 0.2},
        "grids": [{"start_price": 2}],
        "stop_loss": 3,
        "triple": {"a": 4},
    }
    assert base == {"trailing_stop": {"activation_price": 0.1, "trailing_delta": 0.2}, "grids": [{"start_price": 1}]}


def test_a_field_within_a_text_cannot_be_varied() -> None:
    with pytest.raises(SpaceError, match=r"trailing_stop\.activation_price"):
        configured({"trailing_stop": "0.1,0.2"}, {"trailing_stop.activation_price": 0.5})


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (3, "a list of values"),
        ([], "has no values"),
        ([1, 1], "twice"),
        ([float("nan")], "nan"),
        ({"low": 1}, "has no high"),
        ({"low": 2, "high": 2}, "less than high"),
        ({"low": 1, "high": "2"}, "high is a number"),
        ({"low": 0, "high": 2, "log": True}, "above 0"),
        ({"low": 1, "high": 2, "step": 0}, "above 0"),
        ({"low": 1, "high": 2, "step": 1, "count": 2}, "not both"),
        ({"low": 1, "high": 2, "count": 1}, "whole number from 2"),
        ({"low": 0.0, "high": 1e9, "step": 1e-3}, "more than 100000"),
        ({"low": 1, "high": 2, "steps": 1}, "'steps'"),
        ({"values": [1], "low": 2}, "both"),
    ],
)
def test_a_wrong_field_is_named_with_its_reason(told: object, reason: str) -> None:
    with pytest.raises(SpaceError, match=rf"stop_loss: .*{re.escape(reason)}") as raised:
        space_of({"stop_loss": told})
    assert raised.value.field == "stop_loss"


def test_a_field_that_the_controller_lacks_is_named_with_the_nearest() -> None:
    with pytest.raises(SpaceError, match=r"bb_lenght: .*bb_length"):
        refuse_unknown(space_of({"bb_lenght": [1, 2]}), BollingerV1Config)
    with pytest.raises(SpaceError, match="lies within"):
        space_of({"trailing_stop": ["0.1,0.2"], "trailing_stop.activation_price": [1]})
    with pytest.raises(SpaceError, match="no field to vary"):
        space_of({})
