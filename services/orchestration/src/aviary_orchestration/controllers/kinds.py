"""The three folders that controllers live in."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from aviary_orchestration.folder import CONTROLLER_TYPES


def _folded(value: object) -> object:
    by_name = {kind.casefold(): kind for kind in CONTROLLER_TYPES}
    return by_name.get(value.strip().casefold(), value) if isinstance(value, str) else value


ControllerType = Annotated[Literal["directional_trading", "market_making", "generic"], BeforeValidator(_folded)]
