"""Trades two prices back to the line that ties them: long the cheap one, short the dear one."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from aviary_strategies.actions import Action, Create, Stop
from aviary_strategies.candles import Candles, Column
from aviary_strategies.context import Context
from aviary_strategies.controller import Controller, Kind
from aviary_strategies.controllers.config import ControllerConfig
from aviary_strategies.controllers.connector_pair import ConnectorPair
from aviary_strategies.controllers.joined import joined
from aviary_strategies.controllers.spellings import APositionMode, Finite, Interval, PositionMode
from aviary_strategies.controllers.stat_arb_legs import Leg, Pair
from aviary_strategies.indicators.hedged_spread import hedged_spread
from aviary_strategies.types import Feed, Market, Side


class StatArbConfig(ControllerConfig):
    """``pos_hedge_ratio`` is the hedge's value for each unit of the dominant's."""

    controller_name: Literal["stat_arb"] = "stat_arb"
    controller_type: Literal["generic"] = "generic"
    connector_pair_dominant: ConnectorPair = ConnectorPair(connector_name="binance_perpetual", trading_pair="SOL-USDT")
    connector_pair_hedge: ConnectorPair = ConnectorPair(connector_name="binance_perpetual", trading_pair="POPCAT-USDT")
    interval: Interval = "1m"
    lookback_period: int = Field(300, ge=3)
    entry_threshold: Finite = Field(Decimal(2), gt=0)
    take_profit: Finite = Field(Decimal("0.0008"), gt=0)
    tp_global: Finite = Field(Decimal("0.01"), gt=0)
    sl_global: Finite = Field(Decimal("0.05"), gt=0)
    min_amount_quote: Finite = Field(Decimal(10), gt=0)
    quoter_spread: Finite = Field(Decimal("0.0001"), ge=0, lt=1)
    quoter_cooldown: int = Field(30, ge=0)
    quoter_refresh: int = Field(10, ge=0)
    max_orders_placed_per_side: int = Field(2, ge=1)
    max_orders_filled_per_side: int = Field(2, ge=1)
    max_position_deviation: Finite = Field(Decimal("0.1"), ge=0)
    pos_hedge_ratio: Finite = Field(Decimal(1), gt=0)
    leverage: int = Field(20, ge=1)
    position_mode: APositionMode = PositionMode.HEDGE


class StatArb(Controller[StatArbConfig]):
    name: ClassVar[str] = "stat_arb"
    kind: ClassVar[Kind] = "generic"
    config_class: ClassVar[type[StatArbConfig]] = StatArbConfig

    @property
    def markets(self) -> tuple[Market, ...]:
        return (self.config.connector_pair_dominant.market, self.config.connector_pair_hedge.market)

    @property
    def feeds(self) -> tuple[Feed, ...]:
        return tuple(Feed(market, self.config.interval, self.config.lookback_period) for market in self.markets)

    def features(self, candles: Mapping[Feed, Candles]) -> Mapping[str, Column]:
        """``z_score`` is how many deviations the hedge is dear; at a ``signal`` of 1 it is sold."""
        dominant, hedge = (candles[feed] for feed in self.feeds)
        closes = joined(dominant, hedge, hedge.close)
        score = hedged_spread(dominant.close, closes, self.config.lookback_period)
        threshold = float(self.config.entry_threshold)
        return {"z_score": score, "signal": np.where(score > threshold, 1.0, np.where(score < -threshold, -1.0, 0.0))}

    def decide(self, context: Context) -> list[Action]:
        """The pair's global barriers come first; then quotes and unwinding the signal's way; old executors end."""
        signal = context.features.get("signal", 0.0)
        pair = self._pair(context, signal)
        if not -self.config.sl_global <= pair.pnl_pct <= self.config.tp_global:
            return [action for leg in pair for action in leg.close()]
        actions: list[Action] = []
        if signal > 0 or signal < 0:
            for leg in pair:
                actions += leg.unwind()
                actions += self._quote(leg, pair)
        ended = {action.executor_id for action in actions if isinstance(action, Stop)}
        for leg in pair:
            old = leg.tidy(self.config.quoter_cooldown, self.config.quoter_refresh)
            actions += [stop for stop in old if stop.executor_id not in ended]
        return actions

    def _pair(self, context: Context, signal: float) -> Pair:
        """Without a signal the legs have the sides that they have, which matters to nothing but their names."""
        config = self.config
        dominant, hedge = self.markets
        side, other = (Side.SELL, Side.BUY) if signal < 0 else (Side.BUY, Side.SELL)
        weight = 1 + config.pos_hedge_ratio
        return Pair(
            Leg(context, dominant, side, config.total_amount_quote / weight, config.leverage),
            Leg(context, hedge, other, config.total_amount_quote * config.pos_hedge_ratio / weight, config.leverage),
        )

    def _quote(self, leg: Leg, pair: Pair) -> Iterator[Action]:
        """One more order, below the lowest or above the highest of its side, while the leg is short of its value."""
        config = self.config
        placed, filled = leg.placed, leg.filled
        if (
            leg.value_quote >= leg.target_quote
            or pair.leads(leg, config.max_position_deviation)
            or len(placed) >= config.max_orders_placed_per_side
            or len(filled) >= config.max_orders_filled_per_side
        ):
            return
        yield Create(leg.quote(config.quoter_spread, config.min_amount_quote, config.take_profit))
