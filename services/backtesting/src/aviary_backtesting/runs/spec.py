"""What is to be computed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunSpec:
    """Everything that a result depends on, but for the candles themselves. Times are in seconds, both ends included;
    ``costs`` are fractions by the engine's names; ``candles`` is the digest of an upload, instead of market-data's.
    ``source`` is the code of a user's controller, with its digest; None for a bundled one."""

    config: Json
    start_s: float
    end_s: float
    resolution: str
    mode: str
    costs: Mapping[str, float]
    min_coverage: float
    candles: str | None = None
    source: Json | None = None

    @property
    def controller_name(self) -> str:
        return str(self.config.get("controller_name", ""))
