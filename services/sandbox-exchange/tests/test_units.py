import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_sandbox_exchange.pairs import FUTURES, SPOT, Pair
from aviary_sandbox_exchange.units import SCALE, NotADecimal, TooPrecise, fixed, parse


@given(st.integers(0, 10**20))
def test_text_and_units_are_inverse(value: int) -> None:
    assert parse(fixed(value)) == value


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(1, 8, "0.00000001"), (-150_000_000, 2, "-1.50"), (300_000_000, 0, "3"), (6_510_000_000, 1, "65.1")],
)
def test_fixed_decimals(value: int, decimals: int, text: str) -> None:
    assert fixed(value, decimals) == text


@pytest.mark.parametrize("text", ["", "-1", "1e3", "1.", ".5", "0x1", "1 ", "NaN"])
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(NotADecimal):
        parse(text)


def test_a_ninth_decimal_is_refused_unless_it_is_zero() -> None:
    assert parse("1.000000010") == SCALE + 1
    with pytest.raises(TooPrecise):
        parse("1.000000001")


@pytest.mark.parametrize("pair", [*SPOT, *FUTURES], ids=lambda pair: pair.key)
def test_every_notional_is_exact(pair: Pair) -> None:
    assert pair.tick * pair.step % SCALE == 0
