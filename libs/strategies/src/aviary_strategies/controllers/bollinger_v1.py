"""Trades back into the Bollinger bands."""

from typing import ClassVar, Literal

from aviary_strategies.controllers.bands import BandsConfig, BandsController


class BollingerV1Config(BandsConfig):
    controller_name: Literal["bollinger_v1"] = "bollinger_v1"


class BollingerV1(BandsController[BollingerV1Config]):
    name: ClassVar[str] = "bollinger_v1"
    config_class: ClassVar[type[BollingerV1Config]] = BollingerV1Config
