"""The rule of ``pmm`` and ``pmm_adjusted``: quotes are kept as a held position, whose size skews the next ones."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from math import isfinite
from typing import ClassVar, Final, Generic, Literal, Self, TypeVar

from pydantic import Field, model_validator

from aviary_strategies.actions import Action, Barriers, Create, OrderSpec, PositionSpec, Stop
from aviary_strategies.context import Context, ExecutorView, active
from aviary_strategies.controller import Controller, Kind
from aviary_strategies.controllers.candles_config import CandlesConfigs
from aviary_strategies.controllers.config import ControllerConfig, updatable
from aviary_strategies.controllers.inventory import Band, Inventory, inventory
from aviary_strategies.controllers.levels import LevelFields, LevelShare
from aviary_strategies.controllers.limits import limit_position, rounded_down
from aviary_strategies.controllers.spellings import AnOrderType, APositionMode, Barrier, Finite, PositionMode
from aviary_strategies.types import Market, OrderType, Side

GLOBAL_EXIT: Final = "global_tp_sl"


class InventoryMakerConfig(LevelFields, ControllerConfig):
    controller_type: Literal["generic"] = "generic"
    candles_config: CandlesConfigs = ()
    connector_name: str = Field("binance", min_length=1)
    trading_pair: str = Field("BTC-FDUSD", min_length=1)
    portfolio_allocation: Finite = Field(Decimal("0.05"), ge=0)
    target_base_pct: Finite = Field(Decimal("0.2"), ge=0)
    min_base_pct: Finite = Field(Decimal("0.1"), ge=0)
    max_base_pct: Finite = Field(Decimal("0.4"), ge=0)
    executor_refresh_time: int = updatable(300, ge=0)
    cooldown_time: int = updatable(15, ge=0)
    leverage: int = updatable(20, ge=1)
    position_mode: APositionMode = PositionMode.HEDGE
    take_profit: Barrier = updatable(Decimal("0.02"))
    take_profit_order_type: AnOrderType = updatable(OrderType.LIMIT_MAKER)
    max_skew: Finite = updatable(Decimal(1), ge=0, le=1)
    global_take_profit: Finite = Decimal("0.02")
    global_stop_loss: Finite = Decimal("0.05")

    @model_validator(mode="after")
    def _least_is_not_above_most(self) -> Self:
        if self.min_base_pct > self.max_base_pct:
            raise ValueError("min_base_pct is above max_base_pct")
        return self

    @property
    def market(self) -> Market:
        return Market(self.connector_name, self.trading_pair)

    @property
    def band(self) -> Band:
        return Band(self.min_base_pct, self.target_base_pct, self.max_base_pct)


P = TypeVar("P", bound=InventoryMakerConfig)


class InventoryMaker(Controller[P], Generic[P]):
    """``features`` may give ``reference_price``; by default it is the newest price."""

    kind: ClassVar[Kind] = "generic"

    @property
    def markets(self) -> tuple[Market, ...]:
        return (self.config.market,)

    def decide(self, context: Context) -> list[Action]:
        price = context.features.get("reference_price", context.price(self.config.market))
        actions: list[Action] = []
        if isfinite(price) and price > 0:
            reference = Decimal(price)
            own = inventory(context, self.config.market, reference, self.config.total_amount_quote)
            actions += self._exit(context, own) if self._is_to_exit(own) else self._quote(context, reference, own)
        return actions + [Stop(e.executor_id, keep_position=True) for e in active(context) if self._is_over(context, e)]

    @cached_property
    def levels(self) -> tuple[LevelShare, ...]:
        return self.config.shares

    def _is_to_exit(self, own: Inventory) -> bool:
        gain = own.unrealized_pct
        return own.share > self.config.target_base_pct and (
            gain > self.config.global_take_profit or gain < -self.config.global_stop_loss
        )

    def _exit(self, context: Context, own: Inventory) -> Iterator[Create]:
        if not any(e.level_id == GLOBAL_EXIT for e in active(context)):
            amount = float(own.amount)
            yield Create(
                OrderSpec(
                    self.config.market, Side.SELL, amount, OrderType.MARKET, None, self.config.leverage, GLOBAL_EXIT
                )
            )

    def _quote(self, context: Context, reference: Decimal, own: Inventory) -> Iterator[Create]:
        busy = {executor.level_id for executor in active(context)}
        sides = self.config.band.sides(own.share)
        for level in self.levels:
            if level.level_id in busy or level.side not in sides:
                continue
            price = reference * (1 - level.side.sign * Decimal(level.spread))
            if price > 0 and (amount := self._amount(context, level, price, own)) > 0:
                yield Create(self._spec(level, price, amount))

    def _amount(self, context: Context, level: LevelShare, price: Decimal, own: Inventory) -> Decimal:
        config = self.config
        quote = level.share * config.total_amount_quote * config.portfolio_allocation
        skew = config.band.skew(own.share, level.side, config.max_skew)
        return rounded_down(quote / price * skew, context.rules(config.market).amount_step)

    def _spec(self, level: LevelShare, price: Decimal, amount: Decimal) -> PositionSpec:
        """The further out the level, the further away its take profit."""
        config = self.config
        profit = None if config.take_profit is None else float(config.take_profit * (level.place + 1))
        barriers = Barriers(
            take_profit=profit,
            open_order_type=OrderType.LIMIT_MAKER,
            take_profit_order_type=config.take_profit_order_type,
        )
        return limit_position(config.market, level.side, price, amount, barriers, config.leverage, level.level_id)

    def _is_over(self, context: Context, executor: ExecutorView) -> bool:
        """Unfilled for longer than the refresh time, or filled for longer than the cooldown."""
        if executor.kind != "position_executor":
            return False
        if executor.is_trading:
            return context.now_s - executor.last_update_s > self.config.cooldown_time
        return context.now_s - executor.created_s > self.config.executor_refresh_time
