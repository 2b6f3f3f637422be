"""A position as kernels take it, and what they make of it."""

from typing import Final, NamedTuple

from aviary_strategies.actions import Barriers
from aviary_strategies.backtest.model import Costs, Mode
from aviary_strategies.types import OrderType

MARKET: Final = int(OrderType.MARKET)
LIMIT: Final = int(OrderType.LIMIT)
LIMIT_MAKER: Final = int(OrderType.LIMIT_MAKER)


class Terms(NamedTuple):
    """Barriers and costs; a fraction that is not set is NaN, a time limit that is not set is infinite."""

    is_honest: bool
    stop_loss: float
    take_profit: float
    time_limit: float
    activation: float
    delta: float
    open_type: int
    take_profit_type: int
    trade_cost: float
    maker_fee: float
    taker_fee: float
    slippage: float
    latency_s: float


class Life(NamedTuple):
    """From the first fill to the end; ``fill_row`` is -1 and all amounts are 0 where nothing was filled.

    ``entry_fee`` is the quote paid at the entry: part of ``fees``.
    """

    fill_row: int
    fill_price: float
    entry_fee: float
    end_row: int
    close_type: int
    close_price: float
    net_pnl_pct: float
    net_pnl_quote: float
    fees: float
    filled_quote: float


def terms_of(barriers: Barriers, mode: Mode, costs: Costs) -> Terms:
    trailing = barriers.trailing
    nan = float("nan")
    return Terms(
        is_honest=mode is Mode.HONEST,
        stop_loss=nan if barriers.stop_loss is None else float(barriers.stop_loss),
        take_profit=nan if barriers.take_profit is None else float(barriers.take_profit),
        time_limit=float("inf") if barriers.time_limit is None else float(barriers.time_limit),
        activation=nan if trailing is None else float(trailing.activation),
        delta=nan if trailing is None else float(trailing.delta),
        open_type=int(barriers.open_order_type),
        take_profit_type=int(barriers.take_profit_order_type),
        trade_cost=float(costs.trade_cost),
        maker_fee=float(costs.maker_fee),
        taker_fee=float(costs.taker_fee),
        slippage=float(costs.slippage),
        latency_s=float(costs.latency_s),
    )
