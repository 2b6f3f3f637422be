"""Cross exchange market making at several profitabilities."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, ClassVar, Final, Literal

from pydantic import BeforeValidator, Field, field_validator

from aviary_strategies.actions import Action, Create, XemmSpec
from aviary_strategies.context import Context, active
from aviary_strategies.controller import Controller, Kind
from aviary_strategies.controllers.config import ControllerConfig
from aviary_strategies.controllers.limits import rounded_down
from aviary_strategies.controllers.spellings import Finite
from aviary_strategies.types import CloseType, Market, Side

Target = tuple[Finite, Finite]
"""A target profitability, and the weight of its amount."""


def _read_levels(value: object) -> object:
    """``"0.003,10-0.006,20"`` are two levels."""
    if isinstance(value, str):
        return [level.split(",") for level in value.split("-") if level.strip()]
    return value


Targets = Annotated[tuple[Target, ...], BeforeValidator(_read_levels)]
DEFAULT: Final = tuple(
    (Decimal(target), Decimal(amount)) for target, amount in (("0.003", 10), ("0.006", 20), ("0.009", 30))
)


class XemmMultipleLevelsConfig(ControllerConfig):
    """``min_profitability`` and ``max_profitability`` are how far a level's profitability may be below and above its
    target before its order is placed anew."""

    controller_name: Literal["xemm_multiple_levels"] = "xemm_multiple_levels"
    controller_type: Literal["generic"] = "generic"
    maker_connector: str = Field("mexc", min_length=1)
    maker_trading_pair: str = Field("PEPE-USDT", min_length=1)
    taker_connector: str = Field("binance", min_length=1)
    taker_trading_pair: str = Field("PEPE-USDT", min_length=1)
    buy_levels_targets_amount: Targets = DEFAULT
    sell_levels_targets_amount: Targets = DEFAULT
    min_profitability: Finite = Field(Decimal("0.003"), ge=0)
    max_profitability: Finite = Field(Decimal("0.01"), ge=0)
    max_executors_imbalance: int = Field(1, ge=1)

    @field_validator("buy_levels_targets_amount", "sell_levels_targets_amount")
    @classmethod
    def _amounts_are_positive(cls, levels: tuple[Target, ...]) -> tuple[Target, ...]:
        if any(amount <= 0 for _, amount in levels):
            raise ValueError("an amount is not above 0")
        return levels


class XemmMultipleLevels(Controller[XemmMultipleLevelsConfig]):
    """Each level is created again as soon as its own executor has ended."""

    name: ClassVar[str] = "xemm_multiple_levels"
    kind: ClassVar[Kind] = "generic"
    config_class: ClassVar[type[XemmMultipleLevelsConfig]] = XemmMultipleLevelsConfig

    @property
    def maker(self) -> Market:
        return Market(self.config.maker_connector, self.config.maker_trading_pair)

    @property
    def taker(self) -> Market:
        return Market(self.config.taker_connector, self.config.taker_trading_pair)

    @property
    def markets(self) -> tuple[Market, ...]:
        return tuple(dict.fromkeys((self.maker, self.taker)))

    def decide(self, context: Context) -> list[Action]:
        """A side that has filled oftener than the other by ``max_executors_imbalance`` waits."""
        filled = [e.side for e in context.executors if not e.is_active and e.close_type == CloseType.COMPLETED]
        lead = filled.count(Side.BUY) - filled.count(Side.SELL)
        actions: list[Action] = []
        for side in Side:
            if side.sign * lead < self.config.max_executors_imbalance:
                actions += self._missing(context, side)
        return actions

    def _missing(self, context: Context, side: Side) -> Iterator[Create]:
        config = self.config
        levels = config.buy_levels_targets_amount if side is Side.BUY else config.sell_levels_targets_amount
        busy = {executor.level_id for executor in active(context)}
        half = config.total_amount_quote / 2 / Decimal(context.price(self.maker))
        total = sum(amount for _, amount in levels)
        for place, (target, weight) in enumerate(levels):
            level_id = f"{side.name.lower()}_{place}"
            amount = rounded_down(half * weight / total, context.rules(self.maker).amount_step)
            if level_id in busy or not amount:
                continue
            yield Create(
                XemmSpec(
                    buying=self.maker if side is Side.BUY else self.taker,
                    selling=self.taker if side is Side.BUY else self.maker,
                    maker_side=side,
                    amount=float(amount),
                    min_profitability=float(target - config.min_profitability),
                    target_profitability=float(target),
                    max_profitability=float(target + config.max_profitability),
                    level_id=level_id,
                )
            )
