"""Request models that take what callers really send, and response numbers that say what we mean."""

from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    PlainSerializer,
    StringConstraints,
)

MAX_DIGITS: Final = 36
MAX_PLACES: Final = 18


class Tolerant(BaseModel):
    """Unknown keys are ignored and a field's own name works beside its aliases."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True, str_strip_whitespace=True)


def example(fields: dict[str, JsonValue]) -> ConfigDict:
    """For ``model_config``: what the OpenAPI document shows a reader."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


def aliases(*names: str, **field: Any) -> Any:
    """A field known by several names; the first one given that is present wins."""
    return Field(validation_alias=AliasChoices(*names), **field)


def case_blind(kind: type[Enum]) -> BeforeValidator:
    """``Annotated[Side, case_blind(Side)]`` takes ``buy``, ``Buy`` and ``BUY``."""
    by_name = {str(member.value).casefold(): member for member in kind}

    def fold(value: object) -> object:
        return by_name.get(value.strip().casefold(), value) if isinstance(value, str) else value

    return BeforeValidator(fold)


def _number_text(value: object) -> object:
    """Floats become decimals by their shortest text, so that 0.1 is 0.1."""
    return repr(value) if isinstance(value, float) else value


def _bounded(value: Decimal) -> Decimal:
    digits, exponent = value.as_tuple().digits, value.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent > MAX_PLACES or len(digits) + max(exponent, 0) > MAX_DIGITS:
        raise ValueError(f"must have at most {MAX_PLACES} decimal places and {MAX_DIGITS} digits")
    return value


Amount = Annotated[Decimal, BeforeValidator(_number_text), Field(gt=0, allow_inf_nan=False), AfterValidator(_bounded)]
"""A positive, finite decimal within NUMERIC(36, 18), from a number or text."""

DecimalText = Annotated[Decimal, PlainSerializer(lambda value: f"{value:f}", return_type=str)]
"""An exact decimal as JSON text, without exponent."""

DecimalNumber = Annotated[Decimal, PlainSerializer(float, return_type=float)]
"""A decimal as a JSON number; exact up to 15 significant digits."""

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", min_length=1, max_length=64)]
"""Accounts, connectors, bots, profiles."""

TradingPair = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9.:_]+-[A-Za-z0-9.:_]+$", max_length=64, to_upper=True),
]
"""``BASE-QUOTE``, in any case."""
