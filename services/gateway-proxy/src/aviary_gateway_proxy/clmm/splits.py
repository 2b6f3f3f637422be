"""What a change of a position moved: principal and fees apart. Plain rules on plain values.

Gateway's words for amounts, in the base and quote of position-info. On Uniswap a removal pays the fees along with the
principal and reports both as one, and a closing does so with those fees that nobody had touched: what came out beyond
the position's share of principal was earned.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from aviary_gateway_proxy.pools.shapes import decimal
from aviary_gateway_proxy.transactions.record import TxKind

DUST: Final = Decimal("1e-6")
ROUNDING: Final = Decimal("1e-12")
"""As shares of the principal: so far below it an amount may be by chance, and so little above it is none."""


@dataclass(frozen=True)
class Moved:
    """Whole tokens, never negative."""

    base: Decimal = Decimal(0)
    quote: Decimal = Decimal(0)
    base_fee: Decimal = Decimal(0)
    quote_fee: Decimal = Decimal(0)


def moved(kind: TxKind, result: Mapping[str, Any], info: Mapping[str, Any] | None, share: Decimal) -> Moved:
    """``info`` is position-info from before, ``share`` of the principal is taken out."""
    if kind in (TxKind.OPEN, TxKind.ADD, TxKind.AMM_ADD):
        return Moved(_of(result, "baseTokenAmountAdded"), _of(result, "quoteTokenAmountAdded"))
    if kind is TxKind.COLLECT:
        fees = _of(result, "baseFeeAmountCollected"), _of(result, "quoteFeeAmountCollected")
        return Moved(base_fee=fees[0], quote_fee=fees[1])
    base = _of(result, "baseTokenAmountRemoved"), _of(result, "baseFeeAmountCollected")
    quote = _of(result, "quoteTokenAmountRemoved"), _of(result, "quoteFeeAmountCollected")
    if info is None or kind is TxKind.AMM_REMOVE:
        return Moved(base[0], quote[0], base[1], quote[1])
    return split((base[0] + base[1], quote[0] + quote[1]), info, share)


def split(total: tuple[Decimal, Decimal], info: Mapping[str, Any], share: Decimal) -> Moved:
    """When less of one token came out than was there, the price has moved since and the difference tells nothing: then
    only those fees count that were visible before."""
    principal = tuple(_of(info, name) * share for name in ("baseTokenAmount", "quoteTokenAmount"))
    beyond = [out - own for out, own in zip(total, principal, strict=True)]
    if any(extra < -DUST * own for extra, own in zip(beyond, principal, strict=True)):
        seen = (_of(info, "baseFeeAmount"), _of(info, "quoteFeeAmount"))
        beyond = [min(out, fee) for out, fee in zip(total, seen, strict=True)]
    kept = [each if each > ROUNDING * own else Decimal(0) for each, own in zip(beyond, principal, strict=True)]
    base_fee, quote_fee = kept
    return Moved(total[0] - base_fee, total[1] - quote_fee, base_fee, quote_fee)


def _of(told: Mapping[str, Any], name: str) -> Decimal:
    return decimal(told.get(name) or 0)
