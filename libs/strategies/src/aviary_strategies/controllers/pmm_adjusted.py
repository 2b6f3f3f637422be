"""Market making around another market's price, within bounds of what is held."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from aviary_strategies.candles import Candles, Column
from aviary_strategies.controllers.inventory_maker import InventoryMaker, InventoryMakerConfig
from aviary_strategies.controllers.spellings import Interval
from aviary_strategies.types import Feed, Market


class PmmAdjustedConfig(InventoryMakerConfig):
    controller_name: Literal["pmm_adjusted"] = "pmm_adjusted"
    candles_connector_name: str = Field("binance", min_length=1)
    candles_trading_pair: str = Field("BTC-USDT", min_length=1)
    candles_interval: Interval = "1s"


class PmmAdjusted(InventoryMaker[PmmAdjustedConfig]):
    name: ClassVar[str] = "pmm_adjusted"
    config_class: ClassVar[type[PmmAdjustedConfig]] = PmmAdjustedConfig

    @property
    def feeds(self) -> tuple[Feed, ...]:
        config = self.config
        return (Feed(Market(config.candles_connector_name, config.candles_trading_pair), config.candles_interval, 1),)

    def features(self, candles: Mapping[Feed, Candles]) -> Mapping[str, Column]:
        return {"reference_price": candles[self.feeds[0]].close}
