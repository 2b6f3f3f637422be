"""Actions as JSON, and back with care: who tells them may be user code."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from math import isfinite
from typing import Any, Final

from pydantic import TypeAdapter

from aviary_strategies.actions import (
    Action,
    ArbitrageSpec,
    Create,
    DcaSpec,
    GridSpec,
    OrderSpec,
    PositionSpec,
    Spec,
    Stop,
    XemmSpec,
)
from aviary_strategies.types import Market, OrderType

Json = dict[str, Any]

_SPECS: Final[Mapping[str, type[Any]]] = {
    "position": PositionSpec,
    "order": OrderSpec,
    "dca": DcaSpec,
    "grid": GridSpec,
    "arbitrage": ArbitrageSpec,
    "xemm": XemmSpec,
}
_NAMES: Final = {spec: name for name, spec in _SPECS.items()}
_READERS: Final = {name: TypeAdapter[Any](spec) for name, spec in _SPECS.items()}
MOST_LEVELS: Final = 1000
"""Of one executor."""
LARGEST: Final = 1e18


def told(action: Action) -> Json:
    if isinstance(action, Stop):
        return {"stop": action.executor_id, "keep": action.keep_position}
    return {"create": _NAMES[type(action.spec)], "spec": asdict(action.spec)}


def action_of(claimed: Mapping[str, Any], markets: Collection[Market]) -> Action:
    """A ``ValueError`` for what makes no sense; pydantic's is one."""
    if "stop" in claimed:
        return Stop(int(claimed["stop"]), keep_position=bool(claimed.get("keep")))
    if claimed.get("create") not in _READERS:
        raise ValueError("neither creates nor stops an executor")
    spec: Spec = _READERS[claimed["create"]].validate_python(claimed["spec"])
    check(spec, markets)
    return Create(spec)


def check(spec: Spec, markets: Collection[Market]) -> None:
    """What the engine takes for granted. Raises ``ValueError``."""
    used = (spec.buying, spec.selling) if isinstance(spec, ArbitrageSpec | XemmSpec) else (spec.market,)
    if foreign := [market for market in used if market not in markets]:
        raise ValueError(f"{foreign[0].trading_pair} at {foreign[0].connector_name} is not among its markets")
    if not all(isfinite(number) and abs(number) <= LARGEST for number in _numbers(asdict(spec))):
        raise ValueError("a price or an amount is no number")
    positive: tuple[float, ...]
    match spec:
        case PositionSpec():
            positive = (spec.amount, spec.entry_price)
        case OrderSpec():
            positive = (spec.amount, 1.0 if spec.price is None else spec.price)
            if spec.price is None and spec.order_type is not OrderType.MARKET:
                raise ValueError("a limit order has no price")
        case DcaSpec():
            positive = (*spec.prices, *spec.amounts_quote)
            if not 0 < len(spec.prices) == len(spec.amounts_quote) <= MOST_LEVELS:
                raise ValueError(f"DCA has {len(spec.prices)} prices for {len(spec.amounts_quote)} amounts")
        case GridSpec():
            positive = (spec.start_price, spec.end_price, spec.limit_price, spec.total_amount_quote)
            if _grid_levels(spec) > MOST_LEVELS:
                raise ValueError(f"a grid has more than {MOST_LEVELS} levels")
        case ArbitrageSpec() | XemmSpec():
            positive = (spec.amount,)
    if min(positive) <= 0:
        raise ValueError(f"a {_NAMES[type(spec)]} executor has a price or an amount that is not above 0")


def _grid_levels(spec: GridSpec) -> float:
    """At most."""
    by_amount = spec.total_amount_quote / max(spec.min_order_amount_quote, 1e-9)
    by_range = abs(spec.end_price - spec.start_price) / spec.start_price / max(spec.min_spread_between_orders, 1e-9)
    return min(by_amount, by_range)


def _numbers(value: Any) -> list[float]:
    if isinstance(value, Mapping):
        return [each for item in value.values() for each in _numbers(item)]
    if isinstance(value, tuple | list):
        return [each for item in value for each in _numbers(item)]
    return [float(value)] if isinstance(value, int | float) else []
