"""The rule of controllers that follow a signal: open a position its way, unless enough of them are open already."""

from decimal import Decimal
from typing import ClassVar, Generic, Literal, TypeVar

from pydantic import Field

from aviary_strategies.actions import Action, Barriers, Create, PositionSpec, Spec
from aviary_strategies.context import Context, active
from aviary_strategies.controller import Controller, Kind
from aviary_strategies.controllers.barriers import BarrierFields
from aviary_strategies.controllers.config import ControllerConfig, updatable
from aviary_strategies.controllers.plans import DirectionalPlan
from aviary_strategies.controllers.spellings import APositionMode, PositionMode
from aviary_strategies.types import Market, OrderType, Side


class DirectionalConfig(BarrierFields, ControllerConfig):
    controller_type: Literal["directional_trading"] = "directional_trading"
    connector_name: str = Field("binance_perpetual", min_length=1)
    trading_pair: str = Field("WLD-USDT", min_length=1)
    max_executors_per_side: int = updatable(2, ge=1)
    cooldown_time: int = updatable(300, gt=0)
    leverage: int = Field(20, ge=1)
    position_mode: APositionMode = PositionMode.HEDGE

    @property
    def market(self) -> Market:
        return Market(self.connector_name, self.trading_pair)


D = TypeVar("D", bound=DirectionalConfig)


class DirectionalController(Controller[D], Generic[D]):
    """``features`` gives the column ``signal``: above 0 buys, below 0 sells.

    With ``reference_slip`` a sell signal counts the active executors of both sides, as the reference engine does by a
    slip of operator precedence; without it each side counts its own.
    """

    kind: ClassVar[Kind] = "directional_trading"
    reference_slip: bool = False

    @property
    def markets(self) -> tuple[Market, ...]:
        return (self.config.market,)

    @property
    def barriers(self) -> Barriers:
        return self.config.barriers(OrderType.MARKET)

    def plan(self) -> DirectionalPlan | None:
        config = self.config
        return DirectionalPlan(
            market=config.market,
            barriers=self.barriers,
            total_amount_quote=config.total_amount_quote,
            max_executors_per_side=config.max_executors_per_side,
            cooldown_s=config.cooldown_time,
            leverage=config.leverage,
        )

    def decide(self, context: Context) -> list[Action]:
        signal = context.features.get("signal", 0.0)
        side = Side.BUY if signal > 0 else Side.SELL if signal < 0 else None
        if side is None or not self.may_open(context, side):
            return []
        price = context.price(self.config.market)
        spec = self.spec(context, side, price, self.amount(price))
        return [Create(spec)] if spec else []

    def may_open(self, context: Context, side: Side) -> bool:
        """Fewer than ``max_executors_per_side`` are active, and the newest of these is older than the cooldown."""
        all_sides = self.reference_slip and side is Side.SELL
        created = [e.created_s for e in active(context) if all_sides or e.side == side]
        return (
            len(created) < self.config.max_executors_per_side
            and context.now_s - max(created, default=0.0) > self.config.cooldown_time
        )

    def amount(self, price: float) -> Decimal:
        """Each executor's share of the total, in base: 28 digits from the exact value of ``price``."""
        return self.config.total_amount_quote / Decimal(price) / self.config.max_executors_per_side

    def spec(self, context: Context, side: Side, price: float, amount: Decimal) -> Spec | None:  # noqa: ARG002 - for overriding
        """What to open at ``price`` for ``amount``; None when it cannot be."""
        return PositionSpec(
            market=self.config.market,
            side=side,
            amount=float(amount),
            entry_price=price,
            barriers=self.barriers,
            leverage=self.config.leverage,
        )
