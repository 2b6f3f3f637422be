"""How the rate between two tokens follows from the prices of one venue."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

Kind = Literal["identity", "direct", "inverse", "two_step"]

LIQUID: Final = ("USDT", "USDC", "USD", "BTC", "ETH", "EUR", "BNB", "FDUSD", "DAI")
"""Tokens that rates are found through before any other, after the quote token."""

ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Step:
    """One pair of the venue, followed from base to quote or, inverse, the other way."""

    pair: str
    inverse: bool
    rate: Decimal

    def __str__(self) -> str:
        return f"{self.pair} inverse" if self.inverse else self.pair


@dataclass(frozen=True, slots=True)
class Rate:
    value: Decimal
    steps: tuple[Step, ...]
    kind: Kind


class Market:
    """The priced pairs of a venue by the tokens that they join; where both ways are listed, each has its own."""

    def __init__(self, prices: Mapping[str, Decimal]) -> None:
        self._steps: dict[str, dict[str, Step]] = {}
        priced = {pair: price for pair, price in prices.items() if price > 0}
        for pair, price in priced.items():
            base, _, quote = pair.partition("-")
            self._steps.setdefault(quote, {}).setdefault(base, Step(pair, inverse=True, rate=ONE / price))
        for pair, price in priced.items():
            base, _, quote = pair.partition("-")
            self._steps.setdefault(base, {})[quote] = Step(pair, inverse=False, rate=price)

    @property
    def tokens(self) -> list[str]:
        return sorted(self._steps)

    def lists(self, token: str) -> bool:
        return token in self._steps

    def rate(self, trading_pair: str, quote_token: str) -> Rate | None:
        """Direct, inverse, through the quote token, through a liquid token, through any token that both are traded
        against; ``None`` when there is no such way."""
        base, _, quote = trading_pair.partition("-")
        if base == quote:
            return Rate(ONE, (), "identity")
        if (step := self._step(base, quote)) is not None:
            return Rate(step.rate, (step,), "inverse" if step.inverse else "direct")
        for through in self._between(base, quote, quote_token):
            first, second = self._step(base, through), self._step(through, quote)
            if first is not None and second is not None:
                return Rate(first.rate * second.rate, (first, second), "two_step")
        return None

    def _step(self, base: str, quote: str) -> Step | None:
        return self._steps.get(base, {}).get(quote)

    def _between(self, base: str, quote: str, quote_token: str) -> Iterator[str]:
        """The same order both ways, so that a rate and its reverse go through the same token."""
        yield quote_token
        yield from LIQUID
        yield from sorted(self._steps.get(base, {}).keys() & self._steps.get(quote, {}).keys())
