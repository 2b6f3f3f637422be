"""The V3 formulas against each other."""

from decimal import Decimal

import pytest

from tests.gateway_peer.uniswap import maths

LIQUIDITY = 450_000_000_000_000_000
SQRT = Decimal(5 * 10**8).sqrt()
SPAN = maths.range_of(199_000, 201_500)


@pytest.mark.parametrize("tick", [-887_270, -1, 0, 1, 200_300, 887_270])
def test_a_tick_is_found_again(tick: int) -> None:
    assert maths.tick_at(maths.sqrt_at(tick) ** 2 * Decimal("1.00000001")) == tick


@pytest.mark.parametrize("sqrt", [SPAN.low / 2, SQRT, SPAN.high * 2])
def test_liquidity_and_its_amounts_agree(sqrt: Decimal) -> None:
    amounts = maths.amounts_of(LIQUIDITY, sqrt, SPAN, up=True)
    assert maths.liquidity_for(*amounts, sqrt, SPAN) == pytest.approx(LIQUIDITY, rel=1e-9)


@pytest.mark.parametrize(("zero_for_one", "amount"), [(True, 10**9), (False, 10**18)])
def test_buying_what_a_sale_gave_costs_what_it_took(zero_for_one: bool, amount: int) -> None:
    sold = maths.swap_in(amount, LIQUIDITY, SQRT, 500, zero_for_one=zero_for_one)
    bought = maths.swap_out(sold.amount_out, LIQUIDITY, SQRT, 500, zero_for_one=zero_for_one)
    assert bought is not None
    assert bought.amount_in == pytest.approx(sold.amount_in, rel=1e-6)
    assert (sold.sqrt_after < SQRT) is zero_for_one


@pytest.mark.parametrize("zero_for_one", [True, False])
def test_a_pool_sells_no_more_than_it_has(zero_for_one: bool) -> None:
    assert maths.swap_out(10**30, LIQUIDITY, SQRT, 500, zero_for_one=zero_for_one) is None
