"""Which of a pool's two tokens is the base, for Gateway and for the user: translations between the two.

The user's orientation is the pair as it was written: WETH-USDC has WETH as the base, and its prices are USDC per WETH.
Gateway has orientations of its own:

- pool-info, quote-position and open-position of an EVM pool: the base is token0, the token whose address is the lower
  number, and prices are token1 per token0;
- position-info and positions-owned may call WETH the base although it is token1. Amounts and fees follow that; the
  prices ``price``, ``lowerPrice`` and ``upperPrice`` stay token1 per token0;
- on Solana base and quote are what the pool says, and prices are quote per base, everywhere.

So amounts are turned by the addresses that stand beside them, and prices by ``price_base``. All functions are pure.
Prices are quote per base, amounts whole tokens. Turning twice gives the first value again, prices to 40 digits.
"""

from dataclasses import dataclass, replace
from decimal import Context, Decimal, localcontext
from typing import Final

from aviary_common.errors import Unprocessable
from aviary_gateway_proxy.addresses import ETHEREUM, same_address
from aviary_gateway_proxy.pools.shapes import Bin, PoolInfo, PositionInfo

WIDE: Final = Context(prec=60)


@dataclass(frozen=True)
class Orientation:
    """``flipped``: the user's base is the quote of whoever speaks. It is its own inverse: the same call translates
    from the user to Gateway and from Gateway to the user."""

    flipped: bool

    def price(self, price: Decimal) -> Decimal:
        """Quote per base. Zero, which no pool has, stays zero."""
        if not self.flipped or not price:
            return price
        with localcontext(WIDE):
            return 1 / price

    def range(self, lower: Decimal, upper: Decimal) -> tuple[Decimal, Decimal]:
        """Lower and upper change places: 1800 to 2200 is 1/2200 to 1/1800."""
        return (self.price(upper), self.price(lower)) if self.flipped else (lower, upper)

    def amounts(self, base: Decimal | None, quote: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
        """Base and quote; None is an amount that nobody gave."""
        return (quote, base) if self.flipped else (base, quote)

    def addresses(self, base: str, quote: str) -> tuple[str, str]:
        return (quote, base) if self.flipped else (base, quote)


def price_base(chain: str, base: str, quote: str) -> str:
    """The address of the token that Gateway's prices are of, given the two that it calls base and quote."""
    return min(base, quote, key=str.lower) if chain == ETHEREUM else base


def towards(chain: str, wanted_base: str, base: str, quote: str) -> Orientation:
    """From a speaker's base and quote to the one where ``wanted_base`` is the base. 422 ``not_in_pool`` when it is
    neither of them. All three are addresses."""
    if same_address(chain, wanted_base, base):
        return Orientation(flipped=False)
    if same_address(chain, wanted_base, quote):
        return Orientation(flipped=True)
    raise Unprocessable(f"The pool trades {base} and {quote}, not {wanted_base}.", code="not_in_pool")


def for_pool(chain: str, wanted_base: str, pool: PoolInfo) -> Orientation:
    """For prices, ranges and amounts that go to or come from pool-info, quote-position and open-position."""
    return towards(chain, wanted_base, pool.base_token_address, pool.quote_token_address)


def oriented_pool(chain: str, wanted_base: str, pool: PoolInfo) -> PoolInfo:
    """The pool with ``wanted_base`` as its base. Bins keep their numbers, which are the pool's own."""
    turn = for_pool(chain, wanted_base, pool)
    base, quote = turn.addresses(pool.base_token_address, pool.quote_token_address)
    base_amount, quote_amount = turn.amounts(pool.base_token_amount, pool.quote_token_amount)
    return replace(
        pool,
        base_token_address=base,
        quote_token_address=quote,
        base_token_amount=base_amount,
        quote_token_amount=quote_amount,
        price=turn.price(pool.price),
        bins=tuple(_bin(turn, each) for each in pool.bins),
    )


def oriented_position(chain: str, wanted_base: str | None, position: PositionInfo) -> PositionInfo:
    """The position with ``wanted_base`` as its base, prices included; None takes the base that Gateway names, and
    only makes the prices fit it."""
    told_base, told_quote = position.base_token_address, position.quote_token_address
    wanted = wanted_base or told_base
    turn = towards(chain, wanted, told_base, told_quote)
    priced = price_base(chain, told_base, told_quote)
    turn_price = Orientation(flipped=not same_address(chain, wanted, priced))
    base, quote = turn.addresses(told_base, told_quote)
    base_amount, quote_amount = turn.amounts(position.base_token_amount, position.quote_token_amount)
    base_fee, quote_fee = turn.amounts(position.base_fee_amount, position.quote_fee_amount)
    lower, upper = turn_price.range(position.lower_price, position.upper_price)
    return replace(
        position,
        base_token_address=base,
        quote_token_address=quote,
        base_token_amount=base_amount or Decimal(0),
        quote_token_amount=quote_amount or Decimal(0),
        base_fee_amount=base_fee or Decimal(0),
        quote_fee_amount=quote_fee or Decimal(0),
        lower_price=lower,
        upper_price=upper,
        price=turn_price.price(position.price),
    )


def _bin(turn: Orientation, told: Bin) -> Bin:
    base, quote = turn.amounts(told.base_token_amount, told.quote_token_amount)
    return replace(
        told,
        price=turn.price(told.price),
        base_token_amount=base or Decimal(0),
        quote_token_amount=quote or Decimal(0),
    )
