"""Market making around the newest price, within bounds of what is held."""

from typing import ClassVar, Literal

from aviary_strategies.controllers.inventory_maker import InventoryMaker, InventoryMakerConfig


class PmmConfig(InventoryMakerConfig):
    controller_name: Literal["pmm"] = "pmm"


class Pmm(InventoryMaker[PmmConfig]):
    name: ClassVar[str] = "pmm"
    config_class: ClassVar[type[PmmConfig]] = PmmConfig
