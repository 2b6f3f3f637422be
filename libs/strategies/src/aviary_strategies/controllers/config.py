"""What every controller's config has in common."""

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from aviary_strategies.controllers.spellings import ASide, Finite


def updatable(default: Any, **field: Any) -> Any:
    """A field that may change while its bot runs."""
    return Field(default, json_schema_extra={"is_updatable": True}, **field)


class Strict(BaseModel):
    """Keys that nobody knows are refused, and defaults are read as if they had been sent."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, str_strip_whitespace=True)


class InitialPosition(Strict):
    """What is held already when the controller starts."""

    connector_name: str
    trading_pair: str
    amount: Finite
    side: ASide


class ControllerConfig(Strict):
    """``controller_name`` and ``controller_type`` are one literal each, in the controllers' own configs."""

    id: str = ""
    controller_name: str
    controller_type: str
    total_amount_quote: Decimal = updatable(Decimal(100), gt=0, allow_inf_nan=False)
    manual_kill_switch: bool = updatable(False)
    initial_positions: tuple[InitialPosition, ...] = ()
