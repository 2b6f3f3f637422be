"""From points to controllers, and which of them share their features."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from aviary_strategies.controller import Controller
from aviary_strategies.controllers.registry import controller_named
from aviary_strategies.search.space import Point, configured

QUICK: Final = frozenset(
    {
        *("id", "manual_kill_switch", "initial_positions", "position_mode", "leverage"),
        *("total_amount_quote", "max_executors_per_side", "cooldown_time"),
        *("stop_loss", "take_profit", "time_limit", "trailing_stop", "take_profit_order_type"),
    }
)
"""Fields of a config that its features do not depend on."""


class Trial(NamedTuple):
    """``place`` is that of its point."""

    place: int
    controller: Controller[Any]


class Trials(NamedTuple):
    """``groups`` share their features; what is not in one has a reason why its config is wrong, by its place."""

    groups: list[list[Trial]]
    reasons: dict[int, str]


def trials_of(base: Mapping[str, Any], points: Sequence[Point]) -> Trials:
    groups: dict[tuple[object, ...], list[Trial]] = {}
    reasons: dict[int, str] = {}
    for place, point in enumerate(points):
        try:
            controller = controller_named(configured(base, point))
        except ValidationError as error:
            reasons[place] = why(error)
            continue
        key = tuple(value for name, value in point.items() if name.partition(".")[0] not in QUICK)
        groups.setdefault(key, []).append(Trial(place, controller))
    return Trials(list(groups.values()), reasons)


def why(error: ValidationError) -> str:
    """The first thing that is wrong."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    return f"{field}: {first['msg']}" if field else str(first["msg"])
