"""What ``/gateway/clmm/pool-info`` takes and answers."""

from collections.abc import Sequence
from decimal import Context, Decimal
from typing import Final, Self

from pydantic import BaseModel, Field, model_validator

from aviary_common.models import DecimalText, Tolerant, aliases, example
from aviary_gateway_proxy.pools.shapes import Bin, PoolInfo

READABLE: Final = Context(prec=18)
"""An inverse has as many digits as one wants; Gateway's own prices have at most 17."""


class PoolAsked(Tolerant):
    """By ``pool_address``, or by ``token0`` and ``token1`` with a ``fee``: prices are token1 per token0 as written."""

    model_config = example(
        {"connector": "uniswap", "network": "ethereum-mainnet", "token0": "WETH", "token1": "USDC", "fee": "0.05"}
    )

    connector: str
    network: str
    chain: str | None = None
    pool_address: str | None = aliases("pool_address", "poolAddress", "address", default=None)
    token0: str | None = aliases("token0", "base", "base_token", "baseToken", default=None)
    token1: str | None = aliases("token1", "quote", "quote_token", "quoteToken", default=None)
    fee: str | Decimal | None = Field(default=None, union_mode="left_to_right")
    bin_count: int = Field(default=0, ge=0, le=1000)

    @model_validator(mode="after")
    def enough(self) -> Self:
        if self.pool_address is None and not (self.token0 and self.token1):
            raise ValueError("say pool_address, or token0 and token1")
        return self


class BinOut(BaseModel):
    bin_id: int
    price: DecimalText
    base_token_amount: DecimalText
    quote_token_amount: DecimalText

    @classmethod
    def of(cls, told: Bin) -> Self:
        return cls(**vars(told))


class PoolInfoOut(BaseModel):
    """``price`` is quote per base. Where nobody knows the pool's amounts they are null: of Uniswap's pools Gateway
    tells the liquidity by that name."""

    address: str
    base_token_address: str
    quote_token_address: str
    base: str | None
    quote: str | None
    trading_pair: str | None
    bin_step: int | None
    fee_pct: DecimalText | None
    price: DecimalText
    base_token_amount: DecimalText | None
    quote_token_amount: DecimalText | None
    active_bin_id: int | None
    dynamic_fee_pct: DecimalText | None
    min_bin_id: int | None
    max_bin_id: int | None
    bins: list[BinOut]

    @classmethod
    def of(cls, info: PoolInfo, base: str | None, quote: str | None, bin_count: int) -> Self:
        facts = {**vars(info), "price": _readable(info.price)}
        facts["bins"] = [BinOut.of(each) for each in around(info.bins, info.active_bin_id, bin_count)]
        return cls(**facts, base=base, quote=quote, trading_pair=f"{base}-{quote}" if base and quote else None)


def around(bins: Sequence[Bin], active: int | None, count: int) -> Sequence[Bin]:
    """The ``count`` bins nearest to the active one, in their order; all for 0."""
    if not count or active is None or len(bins) <= count:
        return bins
    nearest = sorted(bins, key=lambda each: abs(each.bin_id - active))[:count]
    return [each for each in bins if each in nearest]


def _readable(price: Decimal) -> Decimal:
    return READABLE.plus(price)
