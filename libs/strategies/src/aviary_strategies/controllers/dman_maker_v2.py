"""Market making whose every level averages into its position by levels of its own."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from aviary_strategies.actions import DcaSpec
from aviary_strategies.context import Context, ExecutorView
from aviary_strategies.controllers.config import updatable
from aviary_strategies.controllers.market_making import MarketMakingConfig, MarketMakingController
from aviary_strategies.controllers.plans import Level
from aviary_strategies.controllers.spellings import Fractions, PerhapsFractions, nothing_if_empty

Seconds = Annotated[Annotated[float, Field(ge=0, allow_inf_nan=False)] | None, BeforeValidator(nothing_if_empty)]


class DmanMakerV2Config(MarketMakingConfig):
    """``executor_activation_bounds`` say live how near the price has to be before an order is sent."""

    controller_name: Literal["dman_maker_v2"] = "dman_maker_v2"
    dca_spreads: Fractions = Field((Decimal("0.01"), Decimal("0.02"), Decimal("0.04"), Decimal("0.08")), min_length=1)
    dca_amounts: Fractions = Field((Decimal("0.1"), Decimal("0.2"), Decimal("0.4"), Decimal("0.8")), min_length=1)
    top_executor_refresh_time: Seconds = updatable(None)
    executor_activation_bounds: PerhapsFractions = updatable(None)

    @model_validator(mode="after")
    def _one_amount_for_each_dca_spread(self) -> Self:
        if len(self.dca_amounts) != len(self.dca_spreads):
            raise ValueError(f"dca_amounts has {len(self.dca_amounts)} amounts for {len(self.dca_spreads)} dca_spreads")
        if min(self.dca_amounts) <= 0:
            raise ValueError("dca_amounts has an amount that is not above 0")
        return self


class DmanMakerV2(MarketMakingController[DmanMakerV2Config]):
    name: ClassVar[str] = "dman_maker_v2"
    config_class: ClassVar[type[DmanMakerV2Config]] = DmanMakerV2Config

    def plan(self) -> None:
        """Levels within levels are more than the base rule creates."""

    def is_stale(self, context: Context, executor: ExecutorView) -> bool:
        """The levels next to the price may have a refresh time of their own."""
        top = self.config.top_executor_refresh_time
        is_old = top is not None and context.now_s - executor.created_s > top
        is_top = executor.level_id in ("buy_0", "sell_0")
        return super().is_stale(context, executor) or (is_old and is_top and not executor.is_trading)

    def spec(self, level: Level, price: Decimal, amount: Decimal) -> DcaSpec:
        config = self.config
        prices = [price * (1 - level.side.sign * spread) for spread in config.dca_spreads]
        total = sum(config.dca_amounts)
        return DcaSpec(
            market=config.market,
            side=level.side,
            prices=tuple(map(float, prices)),
            amounts_quote=tuple(
                float(amount * (weight / total) * at) for weight, at in zip(config.dca_amounts, prices, strict=True)
            ),
            barriers=self.barriers,
            leverage=config.leverage,
            level_id=level.level_id,
        )
