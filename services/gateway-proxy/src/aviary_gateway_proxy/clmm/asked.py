"""What callers ask for: positions to open, to change, to look at. In the reference's names and in the client's."""

from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from aviary_common.models import Tolerant, aliases, example
from aviary_gateway_proxy.swaps.schemas import Slippage

Price = Annotated[Decimal, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
Address = Annotated[str, Field(min_length=1, max_length=128)]


class Place(Tolerant):
    connector: str
    network: str
    chain: str | None = None
    wallet_address: str | None = aliases("wallet_address", "address", "walletAddress", default=None)


class RangeAsked(Place):
    """A pool by its address, or by ``token0`` and ``token1`` with a ``fee``; prices and amounts in that order, or in
    that of pool-info where only the address is given."""

    model_config = example(
        {
            "connector": "uniswap",
            "network": "ethereum-mainnet",
            "token0": "WETH",
            "token1": "USDC",
            "fee": "0.05",
            "lower_price": "2000",
            "upper_price": "4000",
            "base_token_amount": "0.01",
        }
    )

    pool_address: str | None = aliases("pool_address", "poolAddress", default=None)
    token0: str | None = aliases("token0", "base", "base_token", default=None)
    token1: str | None = aliases("token1", "quote", "quote_token", default=None)
    fee: str | Decimal | None = Field(default=None, union_mode="left_to_right")
    lower_price: Price = aliases("lower_price", "lowerPrice")
    upper_price: Price = aliases("upper_price", "upperPrice")
    base_token_amount: Share | None = aliases("base_token_amount", "baseTokenAmount", "amount0", default=None)
    quote_token_amount: Share | None = aliases("quote_token_amount", "quoteTokenAmount", "amount1", default=None)
    slippage_pct: Slippage | None = aliases("slippage_pct", "slippagePct", "allowedSlippage", default=None)
    extra_params: dict[str, Any] | None = None

    @model_validator(mode="after")
    def enough(self) -> Self:
        if self.pool_address is None and not (self.token0 and self.token1):
            raise ValueError("say pool_address, or token0 and token1")
        if self.lower_price >= self.upper_price:
            raise ValueError("lower_price must be below upper_price")
        if not self.base_token_amount and not self.quote_token_amount:
            raise ValueError("say base_token_amount, quote_token_amount or both")
        return self


class PositionAsked(Place):
    model_config = example({"connector": "uniswap", "network": "ethereum-mainnet", "position_address": "1001"})

    position_address: Address = aliases("position_address", "position_id", "positionAddress", "positionId")
    pool_address: str | None = aliases("pool_address", "poolAddress", default=None)


class AddToPositionAsked(PositionAsked):
    model_config = example(
        {
            "connector": "uniswap",
            "network": "ethereum-mainnet",
            "position_address": "1001",
            "base_token_amount": "0.01",
            "quote_token_amount": "30",
        }
    )

    base_token_amount: Share | None = aliases("base_token_amount", "baseTokenAmount", "amount0", default=None)
    quote_token_amount: Share | None = aliases("quote_token_amount", "quoteTokenAmount", "amount1", default=None)
    slippage_pct: Slippage | None = aliases("slippage_pct", "slippagePct", "allowedSlippage", default=None)
    extra_params: dict[str, Any] | None = None

    @model_validator(mode="after")
    def enough(self) -> Self:
        if not self.base_token_amount and not self.quote_token_amount:
            raise ValueError("say base_token_amount, quote_token_amount or both")
        return self


class RemoveFromPositionAsked(PositionAsked):
    model_config = example(
        {"connector": "uniswap", "network": "ethereum-mainnet", "position_address": "1001", "percentage": "50"}
    )

    percentage: Annotated[Decimal, Field(gt=0, le=100, allow_inf_nan=False)] = aliases(
        "percentage", "percentage_to_remove", "percentageToRemove"
    )
    slippage_pct: Slippage | None = aliases("slippage_pct", "slippagePct", default=None)


class OwnedAsked(Place):
    model_config = example(
        {
            "connector": "uniswap",
            "network": "ethereum-mainnet",
            "wallet_address": "0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B",
        }
    )

    pool_address: str | None = aliases("pool_address", "poolAddress", default=None)
