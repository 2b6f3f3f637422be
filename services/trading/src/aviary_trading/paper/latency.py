"""How long an order is under way to the venue."""

import math
import random
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

SPREAD: Final = 0.35
"""Of the logarithm: two orders in three take between 0.7 and 1.4 times the median."""


class Latency(BaseModel):
    """Lognormal between two bounds. The same seed and order always take the same time, in every replica."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lowest_ms: float = Field(default=50.0, ge=0)
    median_ms: float = Field(default=90.0, gt=0)
    highest_ms: float = Field(default=200.0, gt=0)
    seed: int = 1

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if not self.lowest_ms <= self.median_ms <= self.highest_ms:
            raise ValueError("must have lowest_ms <= median_ms <= highest_ms")
        return self

    def seconds(self, request: str) -> float:
        """``request`` names what is under way, such as ``place my-order-1``."""
        drawn = random.Random(f"{self.seed} {request}").lognormvariate(math.log(self.median_ms), SPREAD)
        return min(max(drawn, self.lowest_ms), self.highest_ms) / 1000
