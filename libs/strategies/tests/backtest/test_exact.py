"""Double-double arithmetic against decimals of fifty digits."""

from decimal import Decimal, localcontext

from hypothesis import given, settings
from hypothesis import strategies as st

from aviary_strategies.backtest.exact import Exact, add, divide, exact_of, multiply

NUMBERS = st.floats(1e-6, 1e9).map(lambda value: (value, 0.0)) | st.decimals("0.000001", "1000000", places=9).map(
    exact_of
)


def value_of(pair: Exact) -> Decimal:
    return Decimal(pair[0]) + Decimal(pair[1])


@settings(deadline=None)
@given(NUMBERS, NUMBERS)
def test_every_operation_keeps_thirty_digits(a: Exact, b: Exact) -> None:
    with localcontext() as context:
        context.prec = 50
        x, y = value_of(a), value_of(b)
        for told, exact in ((add(*a, *b), x + y), (multiply(*a, *b), x * y), (divide(*a, *b), x / y)):
            assert abs(value_of(told) - exact) <= abs(exact) * Decimal("1e-30")
            assert told[0] == float(value_of(told))
