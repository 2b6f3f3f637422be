"""Averages into a position level by level when the price leaves the Bollinger bands."""

from decimal import Decimal
from typing import ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from aviary_strategies.actions import Barriers, DcaSpec
from aviary_strategies.context import Context
from aviary_strategies.controllers.bands import BandsConfig, BandsController
from aviary_strategies.controllers.barriers import ATrailingStop, TrailingStop, barriers_of
from aviary_strategies.controllers.config import updatable
from aviary_strategies.controllers.spellings import Fractions, PerhapsFlag, PerhapsFractions, Weights
from aviary_strategies.types import OrderType, Side

TRAILING: Final = TrailingStop(activation_price=Decimal("0.015"), trailing_delta=Decimal("0.005"))
SPREADS: Final = (Decimal("0.001"), Decimal("0.018"), Decimal("0.15"), Decimal("0.25"))


class DmanV3Config(BandsConfig):
    """``activation_bounds`` say live how near the price has to be before an order is sent."""

    controller_name: Literal["dman_v3"] = "dman_v3"
    trailing_stop: ATrailingStop = updatable(TRAILING)
    dca_spreads: Fractions = Field(SPREADS, min_length=1)
    dca_amounts_pct: Weights = None
    dynamic_order_spread: PerhapsFlag = False
    dynamic_target: PerhapsFlag = False
    activation_bounds: PerhapsFractions = None

    @model_validator(mode="after")
    def _one_amount_for_each_spread(self) -> Self:
        if self.dca_amounts_pct is not None and len(self.dca_amounts_pct) != len(self.dca_spreads):
            raise ValueError(f"dca_amounts_pct has {len(self.dca_amounts_pct)} for {len(self.dca_spreads)} dca_spreads")
        if self.dca_amounts_pct is not None and not sum(self.dca_amounts_pct):
            raise ValueError("dca_amounts_pct has a sum of 0")
        return self


class DmanV3(BandsController[DmanV3Config]):
    name: ClassVar[str] = "dman_v3"
    config_class: ClassVar[type[DmanV3Config]] = DmanV3Config

    def plan(self) -> None:
        """Levels are more than the base rule opens."""

    def spec(self, context: Context, side: Side, price: float, amount: Decimal) -> DcaSpec | None:  # noqa: ARG002 - the base rule's
        """With ``dynamic_order_spread`` the spreads are multiples of half the width of the bands now."""
        config = self.config
        half_width = context.features[self.width_column] / 200
        if config.dynamic_order_spread and not half_width > 0:
            return None
        unit = Decimal(half_width) if config.dynamic_order_spread else Decimal(1)
        prices = tuple(float(Decimal(price) * (1 - side.sign * spread * unit)) for spread in config.dca_spreads)
        if min(prices) <= 0:
            return None
        weights = config.dca_amounts_pct or tuple(Decimal(1) for _ in prices)
        total = config.total_amount_quote / config.max_executors_per_side
        return DcaSpec(
            market=config.market,
            side=side,
            prices=prices,
            amounts_quote=tuple(float(total * weight / sum(weights)) for weight in weights),
            barriers=self.targets(unit if config.dynamic_target else Decimal(1)),
            leverage=config.leverage,
        )

    def targets(self, unit: Decimal) -> Barriers:
        """There is no take profit: the trailing stop takes it."""
        stop, trailing = self.config.stop_loss, self.config.trailing_stop
        return barriers_of(
            stop_loss=stop * unit if stop else None,
            take_profit=None,
            time_limit=self.config.time_limit,
            trailing=trailing
            and TrailingStop(
                activation_price=trailing.activation_price * unit, trailing_delta=trailing.trailing_delta * unit
            ),
            open_order_type=OrderType.LIMIT,
            take_profit_order_type=self.config.take_profit_order_type,
        )
