"""Every bundled controller by its name."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from aviary_strategies.controller import Controller
from aviary_strategies.controllers.arbitrage_controller import ArbitrageController
from aviary_strategies.controllers.bollinger_v1 import BollingerV1
from aviary_strategies.controllers.bollinger_v2 import BollingerV2
from aviary_strategies.controllers.bollingrid import BollinGrid
from aviary_strategies.controllers.dman_maker_v2 import DmanMakerV2
from aviary_strategies.controllers.dman_v3 import DmanV3
from aviary_strategies.controllers.grid_strike import GridStrike
from aviary_strategies.controllers.hedge_asset import HedgeAsset
from aviary_strategies.controllers.macd_bb_v1 import MacdBbV1
from aviary_strategies.controllers.multi_grid_strike import MultiGridStrike
from aviary_strategies.controllers.pmm import Pmm
from aviary_strategies.controllers.pmm_adjusted import PmmAdjusted
from aviary_strategies.controllers.pmm_dynamic import PmmDynamic
from aviary_strategies.controllers.pmm_mister import PmmMister
from aviary_strategies.controllers.pmm_simple import PmmSimple
from aviary_strategies.controllers.quantum_grid_allocator import QuantumGridAllocator
from aviary_strategies.controllers.stat_arb import StatArb
from aviary_strategies.controllers.supertrend_v1 import SupertrendV1
from aviary_strategies.controllers.template import FieldTemplate, fields_of
from aviary_strategies.controllers.xemm_multiple_levels import XemmMultipleLevels

_ALL: Final[tuple[type[Controller[Any]], ...]] = (
    ArbitrageController,
    BollingerV1,
    BollingerV2,
    BollinGrid,
    DmanMakerV2,
    DmanV3,
    GridStrike,
    HedgeAsset,
    MacdBbV1,
    MultiGridStrike,
    Pmm,
    PmmAdjusted,
    PmmDynamic,
    PmmMister,
    PmmSimple,
    QuantumGridAllocator,
    StatArb,
    SupertrendV1,
    XemmMultipleLevels,
)
BY_NAME: Final[Mapping[str, type[Controller[Any]]]] = {controller.name: controller for controller in _ALL}


class UnknownController(LookupError):
    """``nearest`` is the bundled name most like it, None when none is like it at all."""

    def __init__(self, name: str, nearest: str | None) -> None:
        super().__init__(f"there is no controller {name!r}" + (f"; did you mean {nearest!r}?" if nearest else ""))
        self.name = name
        self.nearest = nearest


class _Named(BaseModel):
    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    controller_name: str


def names() -> tuple[str, ...]:
    return tuple(sorted(BY_NAME))


def class_named(name: str) -> type[Controller[Any]]:
    """An ``UnknownController`` when there is none."""
    if found := BY_NAME.get(name):
        return found
    raise UnknownController(name, next(iter(get_close_matches(name, BY_NAME, n=1, cutoff=0.5)), None))


def template_of(name: str) -> tuple[FieldTemplate, ...]:
    """What a bundled controller can be configured with; an ``UnknownController`` when there is none."""
    return fields_of(class_named(name).config_class)


def controller_named(config: Mapping[str, Any]) -> Controller[Any]:
    """The controller of a config, whose ``controller_name`` may also be ``type.name``.

    An ``UnknownController`` for a name that is not bundled, a pydantic ``ValidationError`` for a config that is wrong.
    """
    kind, _, name = _Named.model_validate(config).controller_name.rpartition(".")
    found = class_named(name)
    told = {"controller_type": kind} if kind else {}
    return found(found.config_class.model_validate({**config, **told, "controller_name": name}))
