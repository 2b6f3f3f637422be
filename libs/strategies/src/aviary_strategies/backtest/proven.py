"""Where ``compat`` may claim the reference engine's numbers."""

from collections.abc import Mapping
from typing import Any, Final

from aviary_strategies.controller import Controller
from aviary_strategies.controllers.directional import DirectionalController
from aviary_strategies.controllers.market_making import MarketMakingController
from aviary_strategies.controllers.plans import DirectionalPlan, MarketMakingPlan
from aviary_strategies.controllers.registry import BY_NAME
from aviary_strategies.errors import CannotRun

UNLIKE: Final[Mapping[str, str]] = {
    "pmm_dynamic": "there it moves every quote by what it knows at the end of the range",
    "supertrend_v1": "there it does not run at all",
}


def plan_of(controller: Controller[Any]) -> DirectionalPlan | MarketMakingPlan | None:
    """None for a controller that has to be asked row by row."""
    return controller.plan() if isinstance(controller, DirectionalController | MarketMakingController) else None


def refuse_unproven(controller: Controller[Any]) -> None:
    """Raises ``CannotRun`` for bundled controllers but those of the base rules with position executors: of these there
    are complete results of the reference engine, and every bit is reproduced. Users' own are theirs to judge."""
    name = controller.name
    if BY_NAME.get(name) is not type(controller):
        return
    if name in UNLIKE:
        raise CannotRun(f"compat cannot run {name}: {UNLIKE[name]}. Use honest.")
    if plan_of(controller) is None:
        raise CannotRun(f"compat cannot run {name}: there are no right numbers to compare with. Use honest.")
