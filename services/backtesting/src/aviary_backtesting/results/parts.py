"""The parts of a result."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final


class PartName(StrEnum):
    EXECUTORS = "executors"
    SERIES = "series"
    FEATURES = "features"
    POSITIONS = "positions"
    POSITION_SERIES = "position_series"
    REFERENCE = "reference"
    """One row: what ``compat`` sums up of the same candles. None where it says nothing, or is the mode anyway."""


OVER_TIME: Final = frozenset({PartName.SERIES, PartName.FEATURES, PartName.POSITION_SERIES})
"""A row per candle, or so: what is plotted, and may be thinned out."""
PARTS: Final[Sequence[PartName]] = (
    PartName.EXECUTORS,
    PartName.POSITIONS,
    PartName.SERIES,
    PartName.REFERENCE,
    PartName.POSITION_SERIES,
    PartName.FEATURES,
)
"""In the order of writing: what is asked for first, and the series before the reference, which then has their room."""
LEGACY: Final = "legacy"
"""The old answer, gzipped JSON; of tasks only, and never shown as a part."""
