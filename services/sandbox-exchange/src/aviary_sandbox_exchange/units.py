"""Amounts and prices are integers of 1e-8; text exists only at the border."""

import re

SCALE = 100_000_000
DECIMAL = re.compile(r"^([0-9]{1,20})(?:\.([0-9]{1,20}))?$")


class NotADecimal(ValueError):
    """The text is no plain decimal number."""


class TooPrecise(ValueError):
    """The number has digits beyond the eighth decimal."""


def parse(text: str) -> int:
    match = DECIMAL.match(text)
    if match is None:
        raise NotADecimal(text)
    whole, fraction = match.groups()
    if fraction is None:
        return int(whole) * SCALE
    if len(fraction) > 8:
        if fraction[8:].strip("0"):
            raise TooPrecise(text)
        fraction = fraction[:8]
    return int(whole) * SCALE + int(fraction.ljust(8, "0"))


def fixed(value: int, decimals: int = 8) -> str:
    """Exact text with that many decimals; digits beyond them are cut off (callers pass multiples of the step)."""
    sign = "-" if value < 0 else ""
    whole, fraction = divmod(abs(value), SCALE)
    if decimals == 0:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{fraction:08d}"[: len(sign) + len(str(whole)) + 1 + decimals]


def notional(price: int, quantity: int) -> int:
    """Price times quantity; exact, because every pair's tick and step have at most eight decimals together."""
    return price * quantity // SCALE
