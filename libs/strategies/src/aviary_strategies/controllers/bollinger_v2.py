"""Trades back into the Bollinger bands, as ``bollinger_v1`` does, under other column names."""

from typing import ClassVar, Literal

from aviary_strategies.candles import Column
from aviary_strategies.controllers.bands import BandsConfig, BandsController
from aviary_strategies.indicators.bollinger import Bands
from aviary_strategies.types import Feed


class BollingerV2Config(BandsConfig):
    controller_name: Literal["bollinger_v2"] = "bollinger_v2"


class BollingerV2(BandsController[BollingerV2Config]):
    name: ClassVar[str] = "bollinger_v2"
    config_class: ClassVar[type[BollingerV2Config]] = BollingerV2Config

    @property
    def feeds(self) -> tuple[Feed, ...]:
        return (Feed(self.config.candles_market, self.config.interval, 5 * self.config.bb_length),)

    def band_columns(self, bands: Bands) -> dict[str, Column]:
        return {
            "upperband": bands.upper,
            "middleband": bands.middle,
            "lowerband": bands.lower,
            "percent": bands.percent,
        }
