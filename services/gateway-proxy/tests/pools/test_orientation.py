"""Turning prices, ranges and amounts between the user's pair and Gateway's."""

from dataclasses import replace
from decimal import Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_common.errors import Unprocessable
from aviary_gateway_proxy.pools.orientation import (
    Orientation,
    for_pool,
    oriented_pool,
    oriented_position,
    price_base,
    towards,
)
from aviary_gateway_proxy.pools.shapes import Bin, PoolInfo, PositionInfo
from tests.gateway_peer.chain.tokens import SOL, SOLANA_USDC, USDC, USDT, WETH

ETHEREUM, SOLANA = "ethereum", "solana"
FORTY = Context(prec=40)
prices = st.decimals(min_value=Decimal("1e-15"), max_value=Decimal("1e15"), allow_nan=False).filter(bool)
amounts = st.none() | st.decimals(min_value=0, max_value=Decimal("1e15"), allow_nan=False)
orientations = st.builds(Orientation, flipped=st.booleans())

WETH_USDC_POOL = PoolInfo("0xpool", USDC.address, WETH.address, Decimal("0.0005"), fee_pct=Decimal("0.05"))
"""As Gateway tells it: USDC is token0."""
WETH_USDC_POSITION = PositionInfo(
    address="7",
    pool_address="0xpool",
    base_token_address=WETH.address,
    quote_token_address=USDC.address,
    base_token_amount=Decimal(1),
    quote_token_amount=Decimal(2000),
    base_fee_amount=Decimal("0.01"),
    quote_fee_amount=Decimal(20),
    lower_price=Decimal("0.0004"),
    upper_price=Decimal("0.000625"),
    price=Decimal("0.0005"),
)
"""As Gateway tells it: WETH is called the base, and the prices are WETH per USDC all the same."""


@given(orientations, prices)
def test_turning_a_price_twice_gives_it_back(turn: Orientation, price: Decimal) -> None:
    assert FORTY.plus(turn.price(turn.price(price))) == FORTY.plus(price)


@given(orientations, prices, prices)
def test_a_range_stays_a_range(turn: Orientation, one: Decimal, other: Decimal) -> None:
    lower, upper = sorted((one, other))
    turned = turn.range(lower, upper)
    assert turned[0] <= turned[1]
    assert [FORTY.plus(each) for each in turn.range(*turned)] == [FORTY.plus(lower), FORTY.plus(upper)]


@given(orientations, prices, prices, prices)
def test_a_price_inside_a_range_stays_inside(turn: Orientation, one: Decimal, other: Decimal, price: Decimal) -> None:
    lower, upper = sorted((one, other))
    turned = turn.range(lower, upper)
    assert (turned[0] <= turn.price(price) <= turned[1]) == (lower <= price <= upper)


@given(orientations, amounts, amounts)
def test_turning_amounts_twice_gives_them_back(turn: Orientation, base: Decimal | None, quote: Decimal | None) -> None:
    assert turn.amounts(*turn.amounts(base, quote)) == (base, quote)


@given(st.sampled_from([WETH.address, USDC.address]), prices)
def test_turning_a_pool_there_and_back_gives_it_back(base: str, price: Decimal) -> None:
    pool = replace(WETH_USDC_POOL, price=price)
    turned = oriented_pool(ETHEREUM, base, pool)
    assert turned.base_token_address == base
    back = oriented_pool(ETHEREUM, pool.base_token_address, turned)
    assert replace(back, price=FORTY.plus(back.price)) == replace(pool, price=FORTY.plus(price))


def test_the_range_of_the_example_is_sent_as_gateway_wants_it() -> None:
    """WETH-USDC 1800 to 2200 with 1 WETH and 2000 USDC."""
    turn = for_pool(ETHEREUM, WETH.address, WETH_USDC_POOL)
    lower, upper = turn.range(Decimal(1800), Decimal(2200))
    assert (round(lower * 2200, 20), round(upper * 1800, 20)) == (1, 1)
    assert turn.amounts(Decimal(1), Decimal(2000)) == (Decimal(2000), Decimal(1))


def test_a_pair_that_lies_as_the_pool_does_is_not_turned() -> None:
    pool = PoolInfo("0xpool", WETH.address, USDT.address, Decimal(2000))
    assert oriented_pool(ETHEREUM, WETH.address, pool) == pool
    assert not for_pool(ETHEREUM, WETH.address.lower(), pool).flipped


def test_a_token_of_another_pool_is_refused() -> None:
    with pytest.raises(Unprocessable) as refused:
        for_pool(ETHEREUM, USDT.address, WETH_USDC_POOL)
    assert refused.value.code == "not_in_pool"


def test_a_position_as_the_user_wrote_the_pair() -> None:
    told = oriented_position(ETHEREUM, WETH.address, WETH_USDC_POSITION)
    assert (told.base_token_amount, told.quote_token_amount) == (1, 2000)
    assert (told.base_fee_amount, told.quote_fee_amount) == (Decimal("0.01"), 20)
    assert [round(each, 9) for each in (told.lower_price, told.price, told.upper_price)] == [1600, 2000, 2500]
    other = oriented_position(ETHEREUM, USDC.address, WETH_USDC_POSITION)
    assert (other.base_token_amount, other.quote_token_amount) == (2000, 1)
    assert (other.lower_price, other.upper_price) == (Decimal("0.0004"), Decimal("0.000625"))


def test_a_position_without_a_pair_has_prices_of_its_own_base() -> None:
    told = oriented_position(ETHEREUM, None, WETH_USDC_POSITION)
    assert told.base_token_address == WETH.address
    assert round(told.price, 9) == 2000


@given(st.sampled_from([WETH.address, USDC.address]))
def test_a_position_is_worth_the_same_either_way(base: str) -> None:
    told = oriented_position(ETHEREUM, base, WETH_USDC_POSITION)
    in_quote = told.base_token_amount * told.price + told.quote_token_amount
    expected = Decimal(4000) if base == WETH.address else Decimal(2)
    assert round(in_quote, 12) == expected


def test_on_solana_prices_are_of_what_is_called_the_base() -> None:
    assert price_base(SOLANA, SOL.address, SOLANA_USDC.address) == SOL.address
    assert price_base(SOLANA, SOLANA_USDC.address, SOL.address) == SOLANA_USDC.address
    assert price_base(ETHEREUM, WETH.address, USDC.address) == USDC.address
    position = replace(WETH_USDC_POSITION, base_token_address=SOL.address, quote_token_address=SOLANA_USDC.address)
    assert oriented_position(SOLANA, SOL.address, position).price == Decimal("0.0005")


def test_case_is_another_address_on_solana() -> None:
    with pytest.raises(Unprocessable):
        towards(SOLANA, SOL.address.lower(), SOL.address, SOLANA_USDC.address)


def test_bins_are_turned_and_keep_their_numbers() -> None:
    bins = tuple(Bin(at, Decimal(at), Decimal(10), Decimal(20)) for at in (1, 2, 4))
    pool = PoolInfo("pool", SOL.address, SOLANA_USDC.address, Decimal(2), bins=bins)
    told = oriented_pool(SOLANA, SOLANA_USDC.address, pool).bins
    assert [(each.bin_id, each.price) for each in told] == [(1, 1), (2, Decimal("0.5")), (4, Decimal("0.25"))]
    assert (told[0].base_token_amount, told[0].quote_token_amount) == (20, 10)
