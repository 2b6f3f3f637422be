"""Follows the supertrend while the price is close to its line."""

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from aviary_strategies.candles import Candles, Column
from aviary_strategies.controllers.bands import SignalConfig
from aviary_strategies.controllers.directional import DirectionalController
from aviary_strategies.indicators.supertrend import supertrend
from aviary_strategies.types import Feed


class SupertrendV1Config(SignalConfig):
    controller_name: Literal["supertrend_v1"] = "supertrend_v1"
    length: int = Field(20, ge=1)
    multiplier: float = Field(4.0, gt=0, allow_inf_nan=False)
    percentage_threshold: float = Field(0.01, gt=0, allow_inf_nan=False)


class SupertrendV1(DirectionalController[SupertrendV1Config]):
    """Without the columns of one direction only, which are never without a hole."""

    name: ClassVar[str] = "supertrend_v1"
    config_class: ClassVar[type[SupertrendV1Config]] = SupertrendV1Config

    @property
    def feeds(self) -> tuple[Feed, ...]:
        return (Feed(self.config.candles_market, self.config.interval, 5 * self.config.length),)

    def features(self, candles: Mapping[Feed, Candles]) -> Mapping[str, Column]:
        config = self.config
        rows = candles[self.feeds[0]]
        trend = supertrend(rows.high, rows.low, rows.close, config.length, config.multiplier)
        near = np.abs(rows.close - trend.line) / rows.close < config.percentage_threshold
        suffix = f"{config.length}_{config.multiplier}"
        return {
            f"SUPERT_{suffix}": trend.line,
            f"SUPERTd_{suffix}": trend.direction,
            "signal": np.where(near, trend.direction, 0.0),
        }
