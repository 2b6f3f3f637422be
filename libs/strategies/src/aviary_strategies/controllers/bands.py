"""What the controllers that trade Bollinger bands have in common: their candles, their bands, their thresholds."""

from collections.abc import Mapping
from typing import Generic, TypeVar

import numpy as np
from pydantic import Field

from aviary_strategies.candles import Candles, Column
from aviary_strategies.controllers.directional import DirectionalConfig, DirectionalController
from aviary_strategies.controllers.spellings import Interval, PerhapsText
from aviary_strategies.indicators.bollinger import Bands, bollinger
from aviary_strategies.types import Feed, Market


class SignalConfig(DirectionalConfig):
    """Where the signal comes from: by default the candles of the market traded."""

    candles_connector: PerhapsText = None
    candles_trading_pair: PerhapsText = None
    interval: Interval = "3m"

    @property
    def candles_market(self) -> Market:
        return Market(self.candles_connector or self.connector_name, self.candles_trading_pair or self.trading_pair)


class BandsConfig(SignalConfig):
    bb_length: int = Field(100, ge=2)
    bb_std: float = Field(2.0, gt=0, allow_inf_nan=False)
    bb_long_threshold: float = Field(0.0, allow_inf_nan=False)
    bb_short_threshold: float = Field(1.0, allow_inf_nan=False)


B = TypeVar("B", bound=BandsConfig)


class BandsController(DirectionalController[B], Generic[B]):
    """Buys below the lower threshold of the bands and sells above the upper one."""

    @property
    def feeds(self) -> tuple[Feed, ...]:
        return (Feed(self.config.candles_market, self.config.interval, self.config.bb_length),)

    def features(self, candles: Mapping[Feed, Candles]) -> Mapping[str, Column]:
        bands = self.bands(candles[self.feeds[0]])
        return self.band_columns(bands) | {"signal": self.crossings(bands.percent)}

    def bands(self, candles: Candles) -> Bands:
        return bollinger(candles.close, self.config.bb_length, self.config.bb_std)

    def band_columns(self, bands: Bands) -> dict[str, Column]:
        """By the reference engine's names: the length, and the deviations once for each side."""
        return {f"BB{letter}_{self._suffix}": column for letter, column in zip("LMUBP", bands, strict=True)}

    @property
    def width_column(self) -> str:
        """The distance between the bands, in percent of their middle."""
        return f"BBB_{self._suffix}"

    def crossings(self, percent: Column) -> Column:
        """1 below the long threshold, -1 above the short one, which wins where both hold."""
        above, below = percent > self.config.bb_short_threshold, percent < self.config.bb_long_threshold
        return np.where(above, -1.0, np.where(below, 1.0, 0.0))

    @property
    def _suffix(self) -> str:
        return f"{self.config.bb_length}_{self.config.bb_std}_{self.config.bb_std}"
