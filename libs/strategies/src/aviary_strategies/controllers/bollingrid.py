"""Opens a grid when the price leaves the Bollinger bands, as wide as the bands are then."""

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from aviary_strategies.actions import GridSpec
from aviary_strategies.context import Context
from aviary_strategies.controllers.bands import BandsConfig, BandsController
from aviary_strategies.controllers.spellings import Finite
from aviary_strategies.types import OrderType, Side


class BollinGridConfig(BandsConfig):
    controller_name: Literal["bollingrid"] = "bollingrid"
    grid_start_price_coefficient: float = Field(0.25, ge=0, allow_inf_nan=False)
    grid_end_price_coefficient: float = Field(0.75, ge=0, allow_inf_nan=False)
    grid_limit_price_coefficient: float = Field(0.35, ge=0, allow_inf_nan=False)
    min_spread_between_orders: Finite = Field(Decimal("0.005"), ge=0)
    order_frequency: int = Field(2, ge=0)
    max_orders_per_batch: int = Field(1, ge=1)
    min_order_amount_quote: Finite = Field(Decimal(6), ge=0)
    max_open_orders: int = Field(5, ge=1)


class BollinGrid(BandsController[BollinGridConfig]):
    name: ClassVar[str] = "bollingrid"
    config_class: ClassVar[type[BollinGridConfig]] = BollinGridConfig

    def plan(self) -> None:
        """Grids are more than the base rule opens."""

    def spec(self, context: Context, side: Side, price: float, amount: Decimal) -> GridSpec | None:
        """From behind the price to beyond it, in shares of the width of the bands now; a sell grid is mirrored."""
        config = self.config
        width = context.features[self.width_column] / 100
        if not width > 0:
            return None
        behind = price * (1 - side.sign * width * config.grid_start_price_coefficient)
        beyond = price * (1 + side.sign * width * config.grid_end_price_coefficient)
        return GridSpec(
            market=config.market,
            side=side,
            start_price=min(behind, beyond),
            end_price=max(behind, beyond),
            limit_price=price * (1 - side.sign * width * config.grid_limit_price_coefficient),
            total_amount_quote=float(amount * Decimal(price)),
            barriers=config.barriers(OrderType.LIMIT),
            min_spread_between_orders=float(config.min_spread_between_orders),
            min_order_amount_quote=float(config.min_order_amount_quote),
            max_open_orders=config.max_open_orders,
            max_orders_per_batch=config.max_orders_per_batch,
            order_frequency=config.order_frequency,
            leverage=config.leverage,
        )
