"""Pure market making around the newest close."""

from typing import ClassVar, Literal

from aviary_strategies.controllers.market_making import MarketMakingConfig, MarketMakingController


class PmmSimpleConfig(MarketMakingConfig):
    controller_name: Literal["pmm_simple"] = "pmm_simple"


class PmmSimple(MarketMakingController[PmmSimpleConfig]):
    name: ClassVar[str] = "pmm_simple"
    config_class: ClassVar[type[PmmSimpleConfig]] = PmmSimpleConfig
