"""Market making whose spreads follow the volatility and whose reference price leans against the MACD."""

from collections.abc import Mapping
from typing import ClassVar, Final, Literal

import numpy as np
from pydantic import Field

from aviary_strategies.candles import Candles, Column
from aviary_strategies.controllers.config import updatable
from aviary_strategies.controllers.market_making import MarketMakingConfig, MarketMakingController
from aviary_strategies.controllers.spellings import Interval, PerhapsText, Spreads
from aviary_strategies.indicators.macd import macd
from aviary_strategies.indicators.true_range import natr
from aviary_strategies.indicators.windows import windows
from aviary_strategies.types import Feed, Market

COMPARED: Final = 100
"""How many values of the MACD its newest one is compared with."""


class PmmDynamicConfig(MarketMakingConfig):
    """Spreads are multiples of the normalised average true range."""

    controller_name: Literal["pmm_dynamic"] = "pmm_dynamic"
    buy_spreads: Spreads = updatable((1.0, 2.0, 4.0))
    sell_spreads: Spreads = updatable((1.0, 2.0, 4.0))
    candles_connector: PerhapsText = None
    candles_trading_pair: PerhapsText = None
    interval: Interval = "3m"
    macd_fast: int = Field(21, ge=2)
    macd_slow: int = Field(42, ge=2)
    macd_signal: int = Field(9, ge=1)
    natr_length: int = Field(14, ge=1)


class PmmDynamic(MarketMakingController[PmmDynamicConfig]):
    """Where the reference engine compares each row's MACD with the whole range's, and moves every row by the last
    one's shift, here each row is compared with the ``COMPARED`` rows up to it, and has its own shift."""

    name: ClassVar[str] = "pmm_dynamic"
    config_class: ClassVar[type[PmmDynamicConfig]] = PmmDynamicConfig

    @property
    def feeds(self) -> tuple[Feed, ...]:
        config = self.config
        market = Market(
            config.candles_connector or config.connector_name, config.candles_trading_pair or config.trading_pair
        )
        return (Feed(market, config.interval, max(self._macd_rows + COMPARED - 1, config.natr_length + 1)),)

    def features(self, candles: Mapping[Feed, Candles]) -> Mapping[str, Column]:
        config = self.config
        rows = candles[self.feeds[0]]
        turn = macd(rows.close, config.macd_fast, config.macd_slow, config.macd_signal)
        volatility = natr(rows.high, rows.low, rows.close, config.natr_length) / 100
        leaning = -0.5 * self._standardised(turn.line) + np.where(turn.histogram > 0, 0.5, -0.5)
        return {
            "spread_multiplier": volatility,
            "reference_price": rows.close * (1 + leaning * volatility / 2),
        }

    @property
    def _macd_rows(self) -> int:
        return max(self.config.macd_fast, self.config.macd_slow) + self.config.macd_signal - 1

    def _standardised(self, line: Column) -> Column:
        """Sample standard deviations away from the mean; 0 where nothing deviates."""
        scores = np.full(len(line), np.nan)
        known = line[self._macd_rows - 1 :]
        mean, deviation = windows(known, COMPARED)
        with np.errstate(divide="ignore", invalid="ignore"):
            scores[self._macd_rows - 1 :] = (known - mean) / (deviation * np.sqrt(COMPARED / (COMPARED - 1)))
        scores[self._macd_rows - 1 :][deviation == 0] = 0.0
        return scores
