"""What is known of one connector's prices, and how replicas tell each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import orjson

NEVER: Final = float("-inf")
CLOCKS_AGREE_WITHIN_S: Final = 0.25


@dataclass(slots=True)
class Quotes:
    """Times are this process's monotonic ones; a pair that was read and has no price has never traded."""

    prices: dict[str, Decimal] = field(default_factory=dict)
    read_at: dict[str, float] = field(default_factory=dict)
    wanted_at: dict[str, float] = field(default_factory=dict)

    def wanted_within(self, seconds: float, now: float) -> frozenset[str]:
        """The pairs that somebody asked for lately; the others are forgotten."""
        self.wanted_at = {pair: at for pair, at in self.wanted_at.items() if now - at < seconds}
        return frozenset(self.wanted_at)

    def read(self, pair: str, price: Decimal | None, at: float) -> None:
        """Unless something newer is known."""
        if at < self.read_at.get(pair, NEVER):
            return
        self.read_at[pair] = at
        if price is not None:
            self.prices[pair] = price

    def is_read(self, pairs: frozenset[str], since: float) -> bool:
        return all(self.read_at.get(pair, NEVER) >= since for pair in pairs)

    def take_over(self, document: str | None, wall_ahead: float, now: float) -> None:
        """What another replica wrote; ``wall_ahead`` is by how much the wall clock is ahead of ours.

        What was written by a clock that is ahead of this one could pass for fresh for ever, so it is left out.
        """
        told: Mapping[str, tuple[str | None, float, float]] = orjson.loads(document) if document else {}
        for pair, (price, read_at, wanted_at) in told.items():
            if read_at - wall_ahead <= now + CLOCKS_AGREE_WITHIN_S:
                self.read(pair, None if price is None else Decimal(price), min(read_at - wall_ahead, now))
                self.wanted_at[pair] = max(min(wanted_at - wall_ahead, now), self.wanted_at.get(pair, NEVER))

    def document(self, wall_ahead: float) -> str:
        """``{pair: [price or null, read at, wanted at]}`` of the pairs wanted lately, in wall time."""
        told = {
            pair: (
                f"{self.prices[pair]:f}" if pair in self.prices else None,
                round(self.read_at[pair] + wall_ahead, 3),
                round(wanted_at + wall_ahead, 3),
            )
            for pair, wanted_at in self.wanted_at.items()
            if pair in self.read_at
        }
        return orjson.dumps(told).decode()
