"""From executors' configs to what the engine simulates."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from aviary_common.confined.standins.enums import OrderType as TheirOrderType
from aviary_common.confined.standins.enums import TradeType
from aviary_common.confined.standins.models import ConnectorPair, TripleBarrierConfig
from aviary_strategies.actions import ArbitrageSpec, Barriers, DcaSpec, GridSpec, OrderSpec, Spec, Trailing, XemmSpec
from aviary_strategies.context import Context
from aviary_strategies.controllers.limits import limit_position
from aviary_strategies.types import Market, OrderType, Side
from aviary_strategies.user_code.errors import NotInBacktests
from aviary_strategies.user_code.reference.executor_configs import (
    ArbitrageExecutorConfig,
    DCAExecutorConfig,
    ExecutorConfigBase,
    GridExecutorConfig,
    OrderExecutorConfig,
    PositionExecutorConfig,
    XEMMExecutorConfig,
    barriers_of_dca,
)
from aviary_strategies.user_code.reference.states import ExecutionStrategy

_ORDER_TYPES: Final = {
    ExecutionStrategy.MARKET: OrderType.MARKET,
    ExecutionStrategy.LIMIT: OrderType.LIMIT,
    ExecutionStrategy.LIMIT_MAKER: OrderType.LIMIT_MAKER,
    ExecutionStrategy.LIMIT_CHASER: OrderType.MARKET,
}
"""A chaser follows the price until it is filled: as a market order, as far as candles can tell."""


def spec_of(config: ExecutorConfigBase, context: Context) -> Spec:
    """Raises ``NotInBacktests`` for executors that nobody simulates."""
    translate = _BY_CONFIG.get(type(config))
    if translate is None:
        raise NotInBacktests(f"a {config.type or type(config).__name__} is not simulated")
    return translate(config, context)


def _position(config: PositionExecutorConfig, context: Context) -> Spec:
    market = Market(config.connector_name, config.trading_pair)
    price = config.entry_price if config.entry_price is not None else Decimal(context.price(market))
    barriers = _barriers(config.triple_barrier_config)
    return limit_position(market, _side(config.side), price, config.amount, barriers, config.leverage, config.level_id)


def _order(config: OrderExecutorConfig, _context: Context) -> Spec:
    order_type = _ORDER_TYPES[config.execution_strategy]
    if order_type is not OrderType.MARKET and config.price is None:
        raise NotInBacktests("an order executor with a limit needs a price")
    return OrderSpec(
        market=Market(config.connector_name, config.trading_pair),
        side=_side(config.side),
        amount=float(config.amount),
        order_type=order_type,
        price=None if order_type is OrderType.MARKET or config.price is None else float(config.price),
        leverage=config.leverage,
        level_id=config.level_id,
    )


def _dca(config: DCAExecutorConfig, _context: Context) -> Spec:
    return DcaSpec(
        market=Market(config.connector_name, config.trading_pair),
        side=_side(config.side),
        prices=tuple(float(price) for price in config.prices),
        amounts_quote=tuple(float(amount) for amount in config.amounts_quote),
        barriers=_barriers(TripleBarrierConfig(**barriers_of_dca(config))),
        leverage=config.leverage,
        level_id=config.level_id,
    )


def _grid(config: GridExecutorConfig, _context: Context) -> Spec:
    return GridSpec(
        market=Market(config.connector_name, config.trading_pair),
        side=_side(config.side),
        start_price=float(config.start_price),
        end_price=float(config.end_price),
        limit_price=float(config.limit_price),
        total_amount_quote=float(config.total_amount_quote),
        barriers=_barriers(config.triple_barrier_config),
        min_spread_between_orders=float(config.min_spread_between_orders),
        min_order_amount_quote=float(config.min_order_amount_quote),
        max_open_orders=config.max_open_orders,
        max_orders_per_batch=config.max_orders_per_batch,
        order_frequency=config.order_frequency,
        activation_bounds=None if config.activation_bounds is None else float(config.activation_bounds),
        safe_extra_spread=float(config.safe_extra_spread),
        keep_position=config.keep_position,
        coerce_tp_to_step=config.coerce_tp_to_step,
        leverage=config.leverage,
        level_id=config.level_id,
    )


def _arbitrage(config: ArbitrageExecutorConfig, _context: Context) -> Spec:
    return ArbitrageSpec(
        buying=_market(config.buying_market),
        selling=_market(config.selling_market),
        amount=float(config.order_amount),
        min_profitability=float(config.min_profitability),
        level_id=config.level_id,
    )


def _xemm(config: XEMMExecutorConfig, _context: Context) -> Spec:
    return XemmSpec(
        buying=_market(config.buying_market),
        selling=_market(config.selling_market),
        maker_side=_side(config.maker_side),
        amount=float(config.order_amount),
        min_profitability=float(config.min_profitability),
        target_profitability=float(config.target_profitability),
        max_profitability=float(config.max_profitability),
        level_id=config.level_id,
    )


_BY_CONFIG: Final[Mapping[type, Callable[[Any, Context], Spec]]] = {
    PositionExecutorConfig: _position,
    OrderExecutorConfig: _order,
    DCAExecutorConfig: _dca,
    GridExecutorConfig: _grid,
    ArbitrageExecutorConfig: _arbitrage,
    XEMMExecutorConfig: _xemm,
}


def _market(pair: ConnectorPair) -> Market:
    return Market(pair.connector_name, pair.trading_pair)


def _side(side: TradeType) -> Side:
    if side is TradeType.RANGE:
        raise NotInBacktests("a range has no side that could be simulated")
    return Side(side.value)


def _barriers(config: TripleBarrierConfig) -> Barriers:
    trailing = config.trailing_stop
    return Barriers(
        stop_loss=None if config.stop_loss is None else float(config.stop_loss),
        take_profit=None if config.take_profit is None else float(config.take_profit),
        time_limit=config.time_limit,
        trailing=None
        if trailing is None
        else Trailing(float(trailing.activation_price), float(trailing.trailing_delta)),
        open_order_type=_order_type(config.open_order_type),
        take_profit_order_type=_order_type(config.take_profit_order_type),
    )


def _order_type(given: TheirOrderType) -> OrderType:
    return OrderType.MARKET if given is TheirOrderType.AMM_SWAP else OrderType(given.value)
