"""Which stand-in is found under which of Hummingbot's module names, and what is found under all others."""

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

from aviary_orchestration.user_code.standins import bases, enums, models, parsing
from aviary_orchestration.user_code.standins.anything import Anything

V2: Final = "hummingbot.strategy_v2"
STANDINS: Final[dict[str, tuple[object, ...]]] = {
    "hummingbot.client.config.config_data_types": (
        models.BaseClientModel,
        models.ClientFieldData,
        enums.ClientConfigEnum,
    ),
    "hummingbot.core.data_type.common": (
        enums.OrderType,
        enums.TradeType,
        enums.PositionAction,
        enums.PositionSide,
        enums.PositionMode,
        enums.PriceType,
    ),
    "hummingbot.data_feed.candles_feed.data_types": (models.CandlesConfig,),
    "hummingbot.strategy.strategy_v2_base": (bases.StrategyV2ConfigBase,),
    f"{V2}.controllers.controller_base": (bases.ControllerConfigBase,),
    f"{V2}.controllers.directional_trading_controller_base": (bases.DirectionalTradingControllerConfigBase,),
    f"{V2}.controllers.market_making_controller_base": (bases.MarketMakingControllerConfigBase,),
    f"{V2}.executors.data_types": (models.ConnectorPair,),
    f"{V2}.executors.position_executor.data_types": (models.TrailingStop, models.TripleBarrierConfig),
    f"{V2}.models.position_config": (models.InitialPositionConfig,),
    f"{V2}.utils.common": (enums.parse_enum_value, parsing.parse_comma_separated_list),
}
"""Where each is defined; other modules of Hummingbot hand them on."""
OLD_NAME: Final = "hummingbot.smart_components"
BY_NAME: Final = {getattr(each, "__name__", ""): each for group in STANDINS.values() for each in group}


class _Missing(ModuleType):
    """Any module that is not there. One of Hummingbot's gives the stand-ins whose names it is asked for."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if self.__name__.partition(".")[0] == "hummingbot" and name in BY_NAME:
            return BY_NAME[name]
        return Anything(f"{self.__name__}.{name}")


class _Loader(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Missing(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""


class _Finder(MetaPathFinder):
    """Finds for users' code only: libraries try for modules that they can do without."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in sys.stdlib_module_names or not _asked_by_user_code():
            return None
        return ModuleSpec(fullname, _Loader(), is_package=True)


def _asked_by_user_code() -> bool:
    """Whether the import stands in a text that is no file."""
    frame = sys._getframe(2)
    while frame.f_back is not None and ("importlib" in frame.f_code.co_filename):
        frame = frame.f_back
    file = frame.f_code.co_filename
    return file.startswith("<") and not file.startswith("<frozen ")


def install() -> None:
    """From now on every import finds something. The stand-ins say that they are Hummingbot's, as templates show it."""
    for module, group in STANDINS.items():
        for each in group:
            each.__module__ = module
    sys.meta_path.append(_Finder())
