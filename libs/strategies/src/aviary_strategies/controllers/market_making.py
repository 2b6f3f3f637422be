"""The rule of controllers that quote around a reference price: keep an executor at every level, and renew it."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from math import isfinite
from typing import ClassVar, Final, Generic, Literal, TypeVar

from pydantic import Field

from aviary_strategies.actions import Action, Barriers, Create, OrderSpec, Spec, Stop
from aviary_strategies.context import Context, ExecutorView, active
from aviary_strategies.controller import Controller, Kind
from aviary_strategies.controllers.barriers import BarrierFields
from aviary_strategies.controllers.config import ControllerConfig, updatable
from aviary_strategies.controllers.levels import LevelFields
from aviary_strategies.controllers.limits import limit_position
from aviary_strategies.controllers.plans import Level, MarketMakingPlan
from aviary_strategies.controllers.spellings import APositionMode, Finite, PositionMode
from aviary_strategies.types import CloseType, Market, OrderType, Side

REBALANCE: Final = "position_rebalance"


class MarketMakingConfig(BarrierFields, LevelFields, ControllerConfig):
    controller_type: Literal["market_making"] = "market_making"
    connector_name: str = Field("binance_perpetual", min_length=1)
    trading_pair: str = Field("WLD-USDT", min_length=1)
    executor_refresh_time: int = updatable(300, ge=0)
    cooldown_time: int = updatable(15, ge=0)
    leverage: int = Field(20, ge=1)
    position_mode: APositionMode = PositionMode.HEDGE
    position_rebalance_threshold_pct: Finite = updatable(Decimal("0.05"), ge=0)
    skip_rebalance: bool = False

    @property
    def market(self) -> Market:
        return Market(self.connector_name, self.trading_pair)

    @property
    def rebalances(self) -> bool:
        """On spot markets, what the sell levels sell has to be owned first."""
        return not self.skip_rebalance and "_perpetual" not in self.connector_name


M = TypeVar("M", bound=MarketMakingConfig)


class MarketMakingController(Controller[M], Generic[M]):
    """``features`` may give ``reference_price`` (by default the close) and ``spread_multiplier`` (by default 1)."""

    kind: ClassVar[Kind] = "market_making"

    @property
    def markets(self) -> tuple[Market, ...]:
        return (self.config.market,)

    @property
    def barriers(self) -> Barriers:
        return self.config.barriers(OrderType.LIMIT)

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        total = self.config.total_amount_quote
        return tuple(Level(s.level_id, s.side, s.spread, s.share * total) for s in self.config.shares)

    def plan(self) -> MarketMakingPlan | None:
        if self.config.rebalances:
            return None
        return MarketMakingPlan(
            market=self.config.market,
            barriers=self.barriers,
            levels=self.levels,
            refresh_s=self.config.executor_refresh_time,
            cooldown_s=self.config.cooldown_time,
            leverage=self.config.leverage,
        )

    def decide(self, context: Context) -> list[Action]:
        reference = context.features.get("reference_price", context.price(self.config.market))
        multiplier = context.features.get("spread_multiplier", 1.0)
        actions: list[Action] = []
        if isfinite(reference) and isfinite(multiplier) and reference > 0:
            actions += self._rebalance(context, Decimal(reference))
            actions += self._fill_levels(context, Decimal(reference), Decimal(multiplier))
        return actions + [
            Stop(executor.executor_id) for executor in active(context) if self.is_stale(context, executor)
        ]

    def is_busy(self, context: Context, executor: ExecutorView) -> bool:
        """Its level waits for it: it is active, or a stop loss ended it within the cooldown."""
        return executor.is_active or (
            executor.close_type == CloseType.STOP_LOSS and context.now_s - executor.closed_s < self.config.cooldown_time
        )

    def is_stale(self, context: Context, executor: ExecutorView) -> bool:
        """Active, and unfilled for longer than the refresh time."""
        return not executor.is_trading and context.now_s - executor.created_s > self.config.executor_refresh_time

    def spec(self, level: Level, price: Decimal, amount: Decimal) -> Spec:
        """What keeps ``level``: prices and amounts are exact to 28 digits."""
        return limit_position(
            self.config.market, level.side, price, amount, self.barriers, self.config.leverage, level.level_id
        )

    def _fill_levels(self, context: Context, reference: Decimal, multiplier: Decimal) -> Iterator[Create]:
        busy = {executor.level_id for executor in context.executors if self.is_busy(context, executor)}
        for level in self.levels:
            if level.level_id in busy or not level.amount_quote:
                continue
            price = reference * (1 - level.side.sign * (Decimal(level.spread) * multiplier))
            if price > 0:
                yield Create(self.spec(level, price, level.amount_quote / price))

    def _rebalance(self, context: Context, reference: Decimal) -> Iterator[Create]:
        config = self.config
        if not config.rebalances or any(e.level_id == REBALANCE for e in active(context)):
            return
        required = sum((level.amount_quote for level in self.levels if level.side is Side.SELL), Decimal()) / reference
        missing = required - Decimal(context.held(config.market).net_amount)
        if abs(missing) > config.position_rebalance_threshold_pct * required:
            side = Side.BUY if missing > 0 else Side.SELL
            amount = float(abs(missing))
            yield Create(OrderSpec(config.market, side, amount, OrderType.MARKET, level_id=REBALANCE))
