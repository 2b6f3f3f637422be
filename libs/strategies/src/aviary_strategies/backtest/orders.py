"""The order executor: one order, whose fill is kept."""

from aviary_strategies.actions import OrderSpec
from aviary_strategies.backtest.arrival import resting_fill
from aviary_strategies.backtest.filled import FilledSimulation
from aviary_strategies.backtest.model import Mode
from aviary_strategies.backtest.venue import Fill, Venue
from aviary_strategies.types import CloseType, OrderType, Side


def simulate_order(spec: OrderSpec, venue: Venue, created: int) -> FilledSimulation:
    """POSITION_HOLD at its fill; EXPIRED at the last row if there is none."""
    fill = _compat_fill(spec, venue, created) if venue.mode is Mode.COMPAT else _fill(spec, venue, created)
    if fill is None:
        return FilledSimulation(venue, created, (), len(venue.clock.ts) - 1, CloseType.EXPIRED)
    return FilledSimulation(venue, created, (fill,), fill.row, CloseType.POSITION_HOLD)


def _fill(spec: OrderSpec, venue: Venue, created: int) -> Fill | None:
    row, price = venue.arrival(spec.market, created)
    if row < 0:
        return None
    amount = spec.side.sign * spec.amount
    if spec.order_type is OrderType.MARKET or spec.price is None:
        return venue.taker_fill(row, spec.market, amount, price, is_exit=False)
    if (price - spec.price) * spec.side.sign <= 0 and spec.order_type is OrderType.LIMIT:
        return venue.taker_fill(row, spec.market, amount, price, is_exit=False)
    limit = _behind(spec.side, spec.price, price)
    found = resting_fill(venue.rows[spec.market], venue.rests_from(row), len(venue.clock.ts), spec.side.sign, limit)
    return None if found < 0 else venue.maker_fill(found, spec.market, amount, limit)


def _compat_fill(spec: OrderSpec, venue: Venue, created: int) -> Fill | None:
    """The reference engine fills at closes only; its LIMIT_MAKER rests at the close when the price is beyond it."""
    close = venue.rows[spec.market].close
    amount = spec.side.sign * spec.amount
    if spec.order_type is OrderType.MARKET or spec.price is None:
        return venue.taker_fill(created, spec.market, amount, float(close[created]), is_exit=False)
    limit = (
        _behind(spec.side, spec.price, float(close[created]))
        if spec.order_type is OrderType.LIMIT_MAKER
        else spec.price
    )
    for row in range(created, len(close)):
        if (close[row] - limit) * spec.side.sign <= 0:
            return venue.maker_fill(row, spec.market, amount, float(close[row]))
    return None


def _behind(side: Side, limit: float, price: float) -> float:
    """Where an order rests that must not take."""
    return min(limit, price) if side is Side.BUY else max(limit, price)
