"""Positions for tests: on the rows of ``markets``, with every barrier off unless it is asked for."""

from libs.strategies.tests.backtest.markets import BTC, Candle, rows_of

from aviary_strategies.actions import Barriers, PositionSpec, Trailing
from aviary_strategies.backtest.model import Costs, Mode
from aviary_strategies.backtest.position import PositionSimulation
from aviary_strategies.types import OrderType, Side

MARKET, LIMIT, LIMIT_MAKER = OrderType.MARKET, OrderType.LIMIT, OrderType.LIMIT_MAKER
AT_ONCE = Costs(trade_cost=0.0, maker_fee=0.0, taker_fee=0.0, slippage=0.0, latency_s=0.0)
LATE = Costs(trade_cost=0.0, maker_fee=0.0, taker_fee=0.0, slippage=0.0, latency_s=30.0)


def position(
    candles: list[Candle],
    *,
    side: Side = Side.BUY,
    price: float = 100.0,
    rest: float = 0.0,
    open_type: OrderType = MARKET,
    stop_loss: float | None = None,
    take_profit: float | None = None,
    take_profit_type: OrderType = LIMIT,
    trailing: tuple[float, float] | None = None,
    time_limit: int | None = None,
    costs: Costs = AT_ONCE,
    mode: Mode = Mode.HONEST,
    created: int = 0,
    missing: frozenset[int] = frozenset(),
    funding: float = 0.0,
) -> PositionSimulation:
    """Of 2 base units."""
    barriers = Barriers(
        stop_loss, take_profit, time_limit, trailing and Trailing(*trailing), open_type, take_profit_type
    )
    spec = PositionSpec(BTC, side, 2.0, price, barriers, rest)
    return PositionSimulation(spec, rows_of(candles, missing=missing, funding=funding), created, mode, costs)
