"""What Gateway tells of pools and positions, in our words. Amounts are whole tokens, prices quote per base."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Bin:
    bin_id: int
    price: Decimal
    base_token_amount: Decimal
    quote_token_amount: Decimal

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Bin":
        return cls(
            int(told["binId"]),
            decimal(told["price"]),
            decimal(told["baseTokenAmount"]),
            decimal(told["quoteTokenAmount"]),
        )


@dataclass(frozen=True)
class PoolInfo:
    """``fee_pct`` in percent; ``bin_step`` is the tick spacing on EVM. Bins are told by Meteora only.

    The amounts are None where Gateway tells something else by their name: of an EVM pool it is the liquidity, divided
    by the token's decimals.
    """

    address: str
    base_token_address: str
    quote_token_address: str
    price: Decimal
    fee_pct: Decimal | None = None
    base_token_amount: Decimal | None = None
    quote_token_amount: Decimal | None = None
    active_bin_id: int | None = None
    bin_step: int | None = None
    dynamic_fee_pct: Decimal | None = None
    min_bin_id: int | None = None
    max_bin_id: int | None = None
    bins: tuple[Bin, ...] = ()

    @classmethod
    def of(cls, told: Mapping[str, Any], *, amounts_are_true: bool) -> "PoolInfo":
        return cls(
            address=told["address"],
            base_token_address=told["baseTokenAddress"],
            quote_token_address=told["quoteTokenAddress"],
            price=decimal(told["price"]),
            fee_pct=maybe_decimal(told.get("feePct")),
            base_token_amount=maybe_decimal(told.get("baseTokenAmount")) if amounts_are_true else None,
            quote_token_amount=maybe_decimal(told.get("quoteTokenAmount")) if amounts_are_true else None,
            active_bin_id=told.get("activeBinId"),
            bin_step=told.get("binStep"),
            dynamic_fee_pct=maybe_decimal(told.get("dynamicFeePct")),
            min_bin_id=told.get("minBinId"),
            max_bin_id=told.get("maxBinId"),
            bins=tuple(Bin.of(each) for each in told.get("bins") or ()),
        )


@dataclass(frozen=True)
class PositionInfo:
    """As position-info and positions-owned tell it: see ``orientation`` for what its prices are of."""

    address: str
    pool_address: str
    base_token_address: str
    quote_token_address: str
    base_token_amount: Decimal
    quote_token_amount: Decimal
    base_fee_amount: Decimal
    quote_fee_amount: Decimal
    lower_price: Decimal
    upper_price: Decimal
    price: Decimal
    lower_bin_id: int | None = None
    upper_bin_id: int | None = None

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "PositionInfo":
        return cls(
            address=str(told["address"]),
            pool_address=told["poolAddress"],
            base_token_address=told["baseTokenAddress"],
            quote_token_address=told["quoteTokenAddress"],
            base_token_amount=decimal(told["baseTokenAmount"]),
            quote_token_amount=decimal(told["quoteTokenAmount"]),
            base_fee_amount=decimal(told.get("baseFeeAmount") or 0),
            quote_fee_amount=decimal(told.get("quoteFeeAmount") or 0),
            lower_price=decimal(told["lowerPrice"]),
            upper_price=decimal(told["upperPrice"]),
            price=decimal(told["price"]),
            lower_bin_id=told.get("lowerBinId"),
            upper_bin_id=told.get("upperBinId"),
        )


def decimal(value: Any) -> Decimal:
    """From JSON's numbers, whole ones too, and from text."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def maybe_decimal(value: Any) -> Decimal | None:
    return None if value is None else decimal(value)
