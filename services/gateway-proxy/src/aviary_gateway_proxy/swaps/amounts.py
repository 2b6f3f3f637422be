"""Prices and amounts of a swap, in the pair as the user wrote it. Plain rules on plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation, localcontext
from enum import StrEnum
from typing import Any, Final

PLACES: Final = Decimal("1e-18")
WIDE: Final = Context(prec=60)


class Side(StrEnum):
    BUY = "BUY"
    SELL = "SELL"


@dataclass(frozen=True)
class Traded:
    """``into`` is what was given, ``out`` what was got, in whole tokens; None where nobody knows."""

    into: Decimal | None
    out: Decimal | None

    @classmethod
    def told(cls, data: Mapping[str, Any] | None) -> "Traded":
        """From Gateway's ``amountIn`` and ``amountOut``."""
        told = data or {}
        return cls(decimal_or_none(told.get("amountIn")), decimal_or_none(told.get("amountOut")))

    def price(self, side: Side) -> Decimal | None:
        """Quote per base: what is given for a BUY is the quote, for a SELL the base."""
        if not self.into or not self.out:
            return None
        with localcontext(WIDE):
            ratio = self.into / self.out if side is Side.BUY else self.out / self.into
            return ratio.quantize(PLACES)


def decimal_or_none(value: Any) -> Decimal | None:
    if value is None:
        return None
    try:
        found = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def slippage_pct(value: object) -> object:
    """In percent, from a number, from ``1%``, or from a fraction as old clients write it (``1/100``)."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if not isinstance(value, str):
        return value
    text = value.strip().removesuffix("%").strip()
    if not text:
        return None
    over, slash, under = text.partition("/")
    try:
        return Decimal(over) * 100 / Decimal(under) if slash else Decimal(text)
    except (InvalidOperation, ZeroDivisionError) as error:
        raise ValueError("must be a percentage such as 0.5, 0.5% or 1/200") from error
