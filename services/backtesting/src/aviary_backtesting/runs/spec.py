"""What is to be computed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunSpec:
    """Everything that a result depends on, but for the candles themselves. Times are in seconds, both ends included;
    ``costs`` are fractions by the engine's names; ``candles`` is the digest of an upload, instead of market-data's.
    ``source`` is the code of a user's controller, with its digest; None for a bundled one. ``balances`` are what is
    owned at the start, as text: by asset, or by connector and asset. ``funding_rate`` takes the place of the settled
    ones."""

    config: Json
    start_s: float
    end_s: float
    resolution: str
    mode: str
    costs: Mapping[str, float]
    min_coverage: float
    candles: str | None = None
    source: Json | None = None
    balances: Json = field(default_factory=dict)
    funding_rate: float | None = None

    @property
    def controller_name(self) -> str:
        return str(self.config.get("controller_name", ""))
