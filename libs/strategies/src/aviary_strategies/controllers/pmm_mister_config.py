"""The fields of ``pmm_mister``."""

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from aviary_strategies.controllers.config import ControllerConfig, updatable
from aviary_strategies.controllers.inventory import Band
from aviary_strategies.controllers.levels import LevelFields
from aviary_strategies.controllers.spellings import (
    AnOrderType,
    APositionMode,
    ASide,
    Barrier,
    Finite,
    PerhapsCount,
    PositionMode,
    Spreads,
    Weights,
)
from aviary_strategies.types import Market, OrderType, Side

BaseShare = Literal["min_base", "target_base", "max_base"]
PnlReference = Literal["position", "total"]


class PmmMisterConfig(LevelFields, ControllerConfig):
    """With ``tick_mode`` the spreads and tolerances are counts of the market's price steps instead of fractions.

    ``global_pnl_reference`` is what the global barriers are fractions of: the held position or the total amount.
    """

    controller_name: Literal["pmm_mister"] = "pmm_mister"
    controller_type: Literal["generic"] = "generic"
    connector_name: str = Field("binance", min_length=1)
    trading_pair: str = Field("BTC-USDT", min_length=1)
    portfolio_allocation: Finite = updatable(Decimal("0.1"), ge=0)
    target_base_pct: Finite = updatable(Decimal("0.5"), ge=0)
    min_base_pct: Finite = updatable(Decimal("0.3"), ge=0)
    max_base_pct: Finite = updatable(Decimal("0.7"), ge=0)
    buy_spreads: Spreads = updatable((0.0005,))
    sell_spreads: Spreads = updatable((0.0005,))
    buy_amounts_pct: Weights = updatable((Decimal(1),))
    sell_amounts_pct: Weights = updatable((Decimal(1),))
    executor_refresh_time: int = updatable(30, ge=0)
    buy_cooldown_time: int = updatable(60, ge=0)
    sell_cooldown_time: int = updatable(60, ge=0)
    buy_position_effectivization_time: int = updatable(120, ge=0)
    sell_position_effectivization_time: int = updatable(120, ge=0)
    price_distance_tolerance: Finite = updatable(Decimal("0.0005"), ge=0)
    refresh_tolerance: Finite = updatable(Decimal("0.0005"), ge=0)
    tolerance_scaling: Finite = updatable(Decimal("1.2"), gt=0)
    leverage: int = updatable(20, ge=1)
    position_mode: APositionMode = PositionMode.ONEWAY
    position_side: ASide = Side.BUY
    take_profit: Barrier = updatable(Decimal("0.0001"))
    take_profit_order_type: AnOrderType = updatable(OrderType.LIMIT_MAKER)
    open_order_type: AnOrderType = updatable(OrderType.LIMIT_MAKER)
    max_active_executors_by_level: PerhapsCount = updatable(4)
    tick_mode: bool = updatable(False)
    position_profit_protection: bool = updatable(False)
    min_skew: Finite = updatable(Decimal(1), ge=0, le=1)
    global_take_profit: Finite = updatable(Decimal("0.03"))
    global_stop_loss: Finite = updatable(Decimal("0.05"))
    global_tp_enabled: bool = updatable(False)
    global_sl_enabled: bool = updatable(False)
    global_tp_activation_from: BaseShare = updatable("min_base")
    global_sl_activation_from: BaseShare = updatable("target_base")
    global_pnl_reference: PnlReference = updatable("position")

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

    def share_of(self, name: BaseShare) -> Decimal:
        return {"min_base": self.min_base_pct, "target_base": self.target_base_pct, "max_base": self.max_base_pct}[name]

    def cooldown_s(self, side: Side) -> int:
        return self.buy_cooldown_time if side is Side.BUY else self.sell_cooldown_time

    def effective_s(self, side: Side) -> int:
        """How long a fill stays in its executor before it becomes part of the held position."""
        buy, sell = self.buy_position_effectivization_time, self.sell_position_effectivization_time
        return buy if side is Side.BUY else sell
