"""The engine of ``aviary_strategies`` behind the service's port.

It is imported on first use: whoever never runs a backtest does not pay for numba.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_core import PydanticUndefined

from aviary_backtesting.engine.conditions import balances_of, funding_of, rules_of
from aviary_backtesting.engine.outcome import StrategiesOutcome
from aviary_backtesting.engine.port import CandleRange, ControllerInfo, Given, Needs, Outcome, Stopped, Watch
from aviary_backtesting.runs.spec import Json, RunSpec
from aviary_backtesting.venue_terms.terms import NO_TERMS, VenueTerms
from aviary_common.errors import BadRequest, NotFound, Unprocessable
from aviary_strategies.backtest.model import Costs, Mode

if TYPE_CHECKING:
    from pydantic import BaseModel

    from aviary_strategies.backtest.run import Setup
    from aviary_strategies.backtest.summary import Summary
    from aviary_strategies.candles import Candles
    from aviary_strategies.types import Market


class StrategiesEngine:
    def is_compiled(self) -> bool:
        from aviary_strategies.backtest.warm import is_compiled

        return is_compiled()

    def warm(self) -> None:
        from aviary_strategies.backtest.warm import load_usual

        load_usual()

    def controllers(self) -> Sequence[ControllerInfo]:
        from aviary_strategies.controllers.registry import class_named, names

        return [_info(class_named(name)) for name in names()]

    def needs(self, spec: RunSpec) -> Needs:
        from aviary_strategies.backtest.run import needed
        from aviary_strategies.intervals import seconds_of

        try:
            needs = needed(_setup(spec))
        except ValidationError:
            raise
        except ValueError as error:
            raise Unprocessable(str(error), code="bad_config") from error
        ranges = [CandleRange(*need.market, need.interval, need.start_s, need.end_s) for need in needs]
        lengths = [(each.end_s - each.start_s) / seconds_of(each.interval) for each in ranges]
        return Needs(ranges, sum(ceil(length) for length in lengths))

    def run(self, spec: RunSpec, given: Given, watch: Watch) -> Outcome:
        from aviary_strategies.backtest.run import run
        from aviary_strategies.errors import Cancelled, CannotRun, NoCandles
        from aviary_strategies.types import Market

        candles = {(Market(*each[:2]), each.interval): found for each, found in given.candles.items()}
        try:
            result = run(_setup(spec, given.terms), candles, progress=watch.progress, is_cancelled=watch.is_cancelled)
        except Cancelled as error:
            raise Stopped from error
        except NoCandles as error:
            raise BadRequest(str(error), code="no_candles") from error
        except CannotRun as error:
            raise Unprocessable(str(error), code="cannot_run") from error
        return StrategiesOutcome(result, given.terms, lambda: _reference(spec, candles))


def _reference(spec: RunSpec, candles: "Mapping[tuple[Market, str], Candles]") -> "Summary | None":
    """What compat tells of the same candles; None where it tells nothing."""
    from aviary_strategies.backtest.run import run
    from aviary_strategies.errors import StrategyError

    if spec.mode == "compat":
        return None
    try:
        return run(_setup(replace(spec, mode="compat")), candles).summary
    except (StrategyError, Unprocessable):
        return None


def _setup(spec: RunSpec, terms: VenueTerms = NO_TERMS) -> "Setup":
    from aviary_strategies.backtest.run import Setup
    from aviary_strategies.controllers.registry import UnknownController, controller_named
    from aviary_strategies.errors import CannotRun

    try:
        controller = controller_named(spec.config)
    except UnknownController as error:
        nearest = f" Did you mean {error.nearest}?" if error.nearest else ""
        raise NotFound(f"There is no controller {error.name!r}.{nearest}", code="unknown_controller") from error
    try:
        return Setup(
            controller=controller,
            start_s=spec.start_s,
            end_s=spec.end_s,
            resolution=spec.resolution,
            mode=Mode(spec.mode),
            costs=Costs(**spec.costs),
            rules=rules_of(terms),
            funding=funding_of(terms),
            balances=balances_of(spec.balances, controller.markets),
        )
    except CannotRun as error:
        raise Unprocessable(str(error), code="cannot_run") from error


def _info(controller: Any) -> ControllerInfo:
    config: type[BaseModel] = controller.config_class
    return ControllerInfo(controller.name, controller.kind, _template(config), config.model_json_schema())


def _template(config: "type[BaseModel]") -> Json:
    """As ``/controllers`` tells the fields of a controller's config."""
    properties = config.model_json_schema().get("properties", {})
    return {
        name: {
            "default": None if field.default is PydanticUndefined else properties.get(name, {}).get("default"),
            "type": str(getattr(field.annotation, "__name__", field.annotation)).replace("typing.", ""),
            "required": field.is_required(),
            "is_updatable": bool(properties.get(name, {}).get("is_updatable", False)),
        }
        for name, field in config.model_fields.items()
    }
