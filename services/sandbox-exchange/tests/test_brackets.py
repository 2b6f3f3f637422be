from itertools import pairwise

import pytest

from aviary_sandbox_exchange.futures.brackets import BRACKETS, bracket_of, max_notional
from aviary_sandbox_exchange.units import SCALE


def test_maintenance_has_no_step_where_brackets_meet() -> None:
    for lower, upper in pairwise(BRACKETS):
        assert lower.cap == upper.floor
        assert lower.maintenance(lower.cap) == upper.maintenance(lower.cap)
        assert upper.maintenance(upper.cap) > lower.maintenance(lower.cap)


@pytest.mark.parametrize(("leverage", "cap"), [(125, 300_000), (101, 300_000), (20, 100_000_000), (1, 1_800_000_000)])
def test_the_more_leverage_the_smaller_the_position(leverage: int, cap: int) -> None:
    assert max_notional(leverage) == cap * SCALE


def test_initial_margin_is_always_above_maintenance() -> None:
    for bracket in BRACKETS:
        assert bracket.cap // bracket.leverage > bracket.maintenance(bracket.cap)
        assert bracket_of(bracket.cap) is bracket
