"""Keeps each asset's share of a portfolio: grids buy what there is too little of and sell what is too much."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import isfinite
from typing import ClassVar

from aviary_strategies.actions import Action, Barriers, Create, GridSpec
from aviary_strategies.candles import Candles, Column
from aviary_strategies.context import Context, active
from aviary_strategies.controller import Controller, Kind
from aviary_strategies.controllers.joined import joined
from aviary_strategies.controllers.quantum_grid_config import QuantumGridAllocatorConfig
from aviary_strategies.indicators.bollinger import bollinger
from aviary_strategies.types import Feed, Market, OrderType, Side

LEAST_ORDERS = 5
"""A grid is opened when it is worth at least so many of the smallest orders."""


class QuantumGridAllocator(Controller[QuantumGridAllocatorConfig]):
    """One buy grid and one sell grid of each asset at most; a grid's level is its asset and side."""

    name: ClassVar[str] = "quantum_grid_allocator"
    kind: ClassVar[Kind] = "generic"
    config_class: ClassVar[type[QuantumGridAllocatorConfig]] = QuantumGridAllocatorConfig

    @property
    def markets(self) -> tuple[Market, ...]:
        return tuple(self.config.market_of(asset) for asset in self.config.portfolio_allocation)

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """None when the range of the grids is fixed."""
        if not self.config.dynamic_grid_range:
            return ()
        return tuple(Feed(market, self.config.interval, self.config.bb_length) for market in self.markets)

    def features(self, candles: Mapping[Feed, Candles]) -> Mapping[str, Column]:
        """``width_ASSET`` is the width of the asset's Bollinger bands, as a fraction of its price."""
        columns: dict[str, Column] = {}
        for asset, feed in zip(self.config.portfolio_allocation, self.feeds, strict=False):
            rows = candles[feed]
            bands = bollinger(rows.close, self.config.bb_length, self.config.bb_std_dev)
            columns[f"width_{asset}"] = joined(candles[self.feeds[0]], rows, bands.width / 100)
        return columns

    def decide(self, context: Context) -> list[Action]:
        config = self.config
        values = {
            asset: Decimal(context.balance(config.connector_name, asset))
            * Decimal(context.price(config.market_of(asset)))
            for asset in config.portfolio_allocation
        }
        total = sum(values.values(), Decimal(context.balance(config.connector_name, config.quote_asset)))
        actions: list[Action] = []
        for asset, share in config.portfolio_allocation.items():
            if total * share > 0:
                actions += self._grids(context, asset, values[asset], total * share)
        return actions

    def _grids(self, context: Context, asset: str, value: Decimal, target: Decimal) -> Iterator[Create]:
        """Far from the target only the side that leads back to it; near it both, its range ``hedge_ratio`` times."""
        config = self.config
        deviation = (value - target) / target
        width = context.features.get(f"width_{asset}", float(config.grid_range))
        is_far = abs(deviation) > config.max_deviation
        amount_quote = target * (config.max_grid_value_pct if is_far else config.base_grid_value_pct)
        rules = context.rules(config.market_of(asset))
        least = max(config.min_order_amount, Decimal(rules.min_notional)) * LEAST_ORDERS
        if not (isfinite(width) and 0 < width < 1) or amount_quote < least:
            return
        favoured = Side.BUY if deviation < 0 else Side.SELL
        only = deviation < -config.long_only_threshold or deviation > config.short_only_threshold
        running = {executor.level_id for executor in active(context)}
        for side in (favoured,) if only else tuple(Side):
            if f"{asset}_{side.name}" not in running:
                widened = Decimal(width) * (config.hedge_ratio if side is favoured and not only else 1)
                yield Create(self._grid(context, asset, side, widened, amount_quote, is_favoured=side is favoured))

    def _grid(
        self, context: Context, asset: str, side: Side, width: Decimal, amount_quote: Decimal, *, is_favoured: bool
    ) -> GridSpec:
        """``tp_sl_ratio`` of the range lies where the price has to go, the rest behind the price now."""
        config = self.config
        price = Decimal(context.price(config.market_of(asset)))
        beyond = price * (1 + side.sign * width * config.tp_sl_ratio)
        behind = price * (1 - side.sign * width * (1 - config.tp_sl_ratio))
        frequency = config.favorable_order_frequency if is_favoured else config.unfavorable_order_frequency
        return GridSpec(
            market=config.market_of(asset),
            side=side,
            start_price=float(min(behind, beyond)),
            end_price=float(max(behind, beyond)),
            limit_price=float(behind * (1 - side.sign * config.limit_price_spread)),
            total_amount_quote=float(amount_quote),
            barriers=Barriers(
                take_profit=float(config.grid_tp_multiplier),
                open_order_type=OrderType.LIMIT_MAKER,
                take_profit_order_type=OrderType.LIMIT_MAKER,
            ),
            min_spread_between_orders=float(config.min_spread_between_orders),
            min_order_amount_quote=float(config.min_order_amount),
            max_open_orders=config.max_open_orders,
            max_orders_per_batch=config.max_orders_per_batch,
            order_frequency=frequency,
            activation_bounds=float(config.activation_bounds),
            safe_extra_spread=float(config.safe_extra_spread),
            keep_position=True,
            coerce_tp_to_step=True,
            leverage=config.leverage,
            level_id=f"{asset}_{side.name}",
        )
