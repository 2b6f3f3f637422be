"""Trades back into the Bollinger bands, once the MACD has turned."""

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from aviary_strategies.candles import Candles, Column
from aviary_strategies.controllers.bands import BandsConfig, BandsController
from aviary_strategies.indicators.macd import macd
from aviary_strategies.types import Feed


class MacdBbV1Config(BandsConfig):
    controller_name: Literal["macd_bb_v1"] = "macd_bb_v1"
    macd_fast: int = Field(21, ge=2)
    macd_slow: int = Field(42, ge=2)
    macd_signal: int = Field(9, ge=1)


class MacdBbV1(BandsController[MacdBbV1Config]):
    name: ClassVar[str] = "macd_bb_v1"
    config_class: ClassVar[type[MacdBbV1Config]] = MacdBbV1Config

    @property
    def feeds(self) -> tuple[Feed, ...]:
        config = self.config
        slow = max(config.macd_fast, config.macd_slow)
        records = max(slow + 20, config.bb_length + 20, slow + config.macd_signal - 1)
        return (Feed(config.candles_market, config.interval, records),)

    def features(self, candles: Mapping[Feed, Candles]) -> Mapping[str, Column]:
        """Buys when the MACD is negative and rising above its signal, sells when it is positive and falling below."""
        config = self.config
        closes = candles[self.feeds[0]]
        bands = self.bands(closes)
        turn = macd(closes.close, config.macd_fast, config.macd_slow, config.macd_signal)
        buys = (bands.percent < config.bb_long_threshold) & (turn.histogram > 0) & (turn.line < 0)
        sells = (bands.percent > config.bb_short_threshold) & (turn.histogram < 0) & (turn.line > 0)
        suffix = f"{config.macd_fast}_{config.macd_slow}_{config.macd_signal}"
        return self.band_columns(bands) | {
            f"MACD_{suffix}": turn.line,
            f"MACDh_{suffix}": turn.histogram,
            f"MACDs_{suffix}": turn.signal,
            "signal": np.where(sells, -1.0, np.where(buys, 1.0, 0.0)),
        }
