"""Which stand-in is found under which of Hummingbot's module names, and what is found under all others."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

from aviary_common.confined.standins import bases, enums, models, parsing
from aviary_common.confined.standins.anything import Anything

Groups = Mapping[str, tuple[object, ...]]
Missing = Callable[[str], object]

HUMMINGBOT: Final = "hummingbot"
V2: Final = "hummingbot.strategy_v2"
STANDINS: Final[Groups] = {
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


class _Module(ModuleType):
    """Any module that is not there. One of Hummingbot's gives the stand-ins whose names it is asked for."""

    def __init__(self, name: str, standins: Mapping[str, object], missing: Missing) -> None:
        super().__init__(name)
        self.__dict__["_standins"] = standins
        self.__dict__["_missing"] = missing

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if self.__name__.partition(".")[0] == HUMMINGBOT and name in self.__dict__["_standins"]:
            return self.__dict__["_standins"][name]
        return self.__dict__["_missing"](f"{self.__name__}.{name}")


class _Loader(Loader):
    def __init__(self, standins: Mapping[str, object], missing: Missing) -> None:
        self._standins = standins
        self._missing = missing

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name, self._standins, self._missing)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""


class _Finder(MetaPathFinder):
    """Finds for users' code only: libraries try for modules that they can do without."""

    def __init__(self, loader: _Loader, *, libraries: bool) -> None:
        self._loader = loader
        self._libraries = libraries

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        top = fullname.partition(".")[0]
        if top in sys.stdlib_module_names or not (self._libraries or top == HUMMINGBOT) or not asked_by_user_code():
            return None
        return ModuleSpec(fullname, self._loader, is_package=True)


def asked_by_user_code() -> bool:
    """Whether the import that a finder is asked about stands in a text that is no file."""
    frame = sys._getframe(2)
    while frame.f_back is not None and ("importlib" in frame.f_code.co_filename):
        frame = frame.f_back
    file = frame.f_code.co_filename
    return file.startswith("<") and not file.startswith("<frozen ")


def install(more: Groups | None = None, missing: Missing = Anything, *, libraries: bool = True) -> None:
    """From now on every import of Hummingbot's finds something, and with ``libraries`` every import at all.

    ``more`` goes before the stand-ins of the same name here; ``missing`` makes what has none. The stand-ins say that
    they are Hummingbot's, as templates show it.
    """
    standins: dict[str, object] = {}
    for groups in (STANDINS, more or {}):
        for module, group in groups.items():
            for each in group:
                each.__module__ = module
                standins[getattr(each, "__name__", "")] = each
    sys.meta_path.append(_Finder(_Loader(standins, missing), libraries=libraries))
