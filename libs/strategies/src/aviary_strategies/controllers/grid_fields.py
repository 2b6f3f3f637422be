"""What the controllers of fixed grids have in common."""

from decimal import Decimal
from typing import Final, Literal

from pydantic import Field

from aviary_strategies.actions import GridSpec
from aviary_strategies.controllers.barriers import TripleBarrier
from aviary_strategies.controllers.config import ControllerConfig, updatable
from aviary_strategies.controllers.spellings import APositionMode, Finite, PerhapsCount, PerhapsDecimal, PositionMode
from aviary_strategies.types import Market, OrderType, Side

BARRIERS: Final = TripleBarrier(
    take_profit=Decimal("0.001"),
    open_order_type=OrderType.LIMIT_MAKER,
    take_profit_order_type=OrderType.LIMIT_MAKER,
)


class GridFields(ControllerConfig):
    """A null for ``min_spread_between_orders`` or ``min_order_amount_quote`` is 0: no least one but the market's."""

    controller_type: Literal["generic"] = "generic"
    total_amount_quote: Decimal = updatable(Decimal(1000), gt=0, allow_inf_nan=False)
    leverage: int = Field(20, ge=1)
    position_mode: APositionMode = PositionMode.HEDGE
    min_spread_between_orders: PerhapsDecimal = updatable(Decimal("0.001"), ge=0)
    min_order_amount_quote: PerhapsDecimal = updatable(Decimal(5), ge=0)
    max_open_orders: int = updatable(2, ge=1)
    max_orders_per_batch: PerhapsCount = updatable(1)
    order_frequency: int = updatable(3, ge=0)
    activation_bounds: PerhapsDecimal = updatable(None)
    keep_position: bool = updatable(False)
    triple_barrier_config: TripleBarrier = BARRIERS

    def grid(
        self,
        market: Market,
        side: Side,
        prices: tuple[Finite, Finite, Finite],
        amount_quote: Decimal,
        level_id: str | None = None,
    ) -> GridSpec:
        """``prices`` are start, end and limit."""
        start, end, limit = prices
        return GridSpec(
            market=market,
            side=side,
            start_price=float(start),
            end_price=float(end),
            limit_price=float(limit),
            total_amount_quote=float(amount_quote),
            barriers=self.triple_barrier_config.barriers(),
            min_spread_between_orders=float(self.min_spread_between_orders or 0),
            min_order_amount_quote=float(self.min_order_amount_quote or 0),
            max_open_orders=self.max_open_orders,
            max_orders_per_batch=self.max_orders_per_batch,
            order_frequency=self.order_frequency,
            activation_bounds=None if self.activation_bounds is None else float(self.activation_bounds),
            keep_position=self.keep_position,
            leverage=self.leverage,
            level_id=level_id,
        )
