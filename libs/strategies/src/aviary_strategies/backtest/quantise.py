"""Orders as a market's rules let them be: never more than was asked for, and never at a worse limit."""

from dataclasses import replace
from typing import Final

import numpy as np

from aviary_strategies.actions import DcaSpec, OrderSpec, PositionSpec, Spec
from aviary_strategies.backtest.model import NO_RULES
from aviary_strategies.backtest.position_terms import LIMIT, MARKET
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.backtest.venue import Venue
from aviary_strategies.kernels import inlined, kernel

REFUSED: Final = -1.0
_STEP_SLACK: Final = 1e-9
"""Of a step: what lies so little below a multiple is that multiple."""
_LEAST_SLACK: Final = 1e-12
"""Of a least amount: what rounding may take away from a product."""


@inlined
def down_to(value: float, step: float) -> float:
    """The largest multiple of ``step`` that is not above ``value``; where a step is one of a whole number of parts, as
    0.001 is, the double that is nearest to the decimal."""
    parts = np.rint(1.0 / step)
    if parts > 1.0 and abs(parts * step - 1.0) < _LEAST_SLACK:
        return float(np.floor(value * parts + _STEP_SLACK) / parts)
    return float(np.floor(value / step + _STEP_SLACK) * step)


@inlined
def quantised(
    rows: Rows, row: int, sign: int, amount: float, price: float, rest: float, order_type: int
) -> tuple[float, float, float]:
    """Amount, price and what the price leaves over, of an order decided at the close of ``row``: the amount down to its
    step, a limit down for a buy and up for a sell. The amount is ``REFUSED`` where the market takes no such order; a
    market order is valued at the close."""
    rules = rows.rules
    if order_type != MARKET and rules.price_step > 0.0:
        price, rest = sign * down_to(sign * price, rules.price_step), 0.0
        if price <= 0.0:
            return REFUSED, price, rest
    if rules.amount_step > 0.0:
        amount = down_to(amount, rules.amount_step)
        if amount <= 0.0:
            return REFUSED, price, rest
    worth = amount * (rows.close[row] if order_type == MARKET else price)
    if amount < rules.min_amount * (1.0 - _LEAST_SLACK) or worth < rules.min_notional * (1.0 - _LEAST_SLACK):
        return REFUSED, price, rest
    return amount, price, rest


@kernel
def _quantised(
    rows: Rows, row: int, sign: int, amount: float, price: float, rest: float, order_type: int
) -> tuple[float, float, float]:
    return quantised(rows, row, sign, amount, price, rest, order_type)


def accepted(spec: Spec, venue: Venue, row: int) -> Spec | None:
    """What becomes of an executor that is asked for at the close of ``row``; None where the market refuses its orders.
    A grid sees to the rules itself, and the amount of one on two markets is its controller's to round."""
    if not isinstance(spec, PositionSpec | OrderSpec | DcaSpec):
        return spec
    rows = venue.rows[spec.market]
    if rows.rules == NO_RULES:
        return spec
    match spec:
        case PositionSpec():
            return _position(spec, rows, row)
        case OrderSpec():
            return _order(spec, rows, row)
        case DcaSpec():
            return _dca(spec, rows, row)


def _position(spec: PositionSpec, rows: Rows, row: int) -> PositionSpec | None:
    kind = int(spec.barriers.open_order_type)
    amount, price, rest = _quantised(
        rows, row, spec.side.sign, spec.amount, spec.entry_price, spec.entry_price_rest, kind
    )
    return None if amount == REFUSED else replace(spec, amount=amount, entry_price=price, entry_price_rest=rest)


def _order(spec: OrderSpec, rows: Rows, row: int) -> OrderSpec | None:
    kind = MARKET if spec.price is None else int(spec.order_type)
    amount, price, _ = _quantised(rows, row, spec.side.sign, spec.amount, spec.price or 0.0, 0.0, kind)
    return None if amount == REFUSED else replace(spec, amount=amount, price=None if spec.price is None else price)


def _dca(spec: DcaSpec, rows: Rows, row: int) -> DcaSpec | None:
    """Refused where one of its levels is."""
    levels = [
        _quantised(rows, row, spec.side.sign, quote / price, price, 0.0, LIMIT)
        for price, quote in zip(spec.prices, spec.amounts_quote, strict=True)
    ]
    if any(amount == REFUSED for amount, _, _ in levels):
        return None
    prices = tuple(price for _, price, _ in levels)
    return replace(spec, prices=prices, amounts_quote=tuple(amount * price for amount, price, _ in levels))
