"""The task of the confined worker that looks at a controller and its config."""

from typing import Any, cast

from pydantic import ValidationError

from aviary_strategies.backtest.model import Mode
from aviary_strategies.controller import Controller
from aviary_strategies.controllers.directional import DirectionalController
from aviary_strategies.user_code.finding import controller_of
from aviary_strategies.user_code.recording import config_of
from aviary_strategies.user_code.source import Source

Json = dict[str, Any]


def describe(payload: object) -> Json:
    """Where the controller trades and what it watches, or what is wrong with its config."""
    try:
        controller = asked_for(cast("Json", payload))
    except ValidationError as error:
        return {"problems": [_problem(each) for each in error.errors()]}
    return {
        "kind": controller.kind,
        "config": config_of(controller),
        "markets": [list(market) for market in controller.markets],
        "feeds": [[*feed.market, feed.interval, feed.records] for feed in controller.feeds],
    }


def asked_for(payload: Json) -> Controller[Any]:
    is_compat = payload["mode"] == Mode.COMPAT
    controller = controller_of(Source.from_json(payload["source"]), payload["config"], is_compat=is_compat)
    if isinstance(controller, DirectionalController):
        controller.reference_slip = is_compat
    return controller


def _problem(error: Any) -> Json:
    return {"field": ".".join(str(place) for place in error["loc"]), "message": str(error["msg"])}
