"""One grid at fixed prices, opened whenever the price is within it."""

from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from aviary_strategies.actions import Action, Create
from aviary_strategies.context import Context, active
from aviary_strategies.controller import Controller, Kind
from aviary_strategies.controllers.config import updatable
from aviary_strategies.controllers.grid_fields import GridFields
from aviary_strategies.controllers.spellings import ASide, Finite
from aviary_strategies.types import Market, Side


class GridStrikeConfig(GridFields):
    controller_name: Literal["grid_strike"] = "grid_strike"
    connector_name: str = Field("okx", min_length=1)
    trading_pair: str = Field("WLD-USDT", min_length=1)
    side: ASide = Side.BUY
    start_price: Finite = updatable(Decimal("0.38"), gt=0)
    end_price: Finite = updatable(Decimal("0.75"), gt=0)
    limit_price: Finite = updatable(Decimal("0.35"), ge=0)

    @model_validator(mode="after")
    def _starts_below_its_end(self) -> Self:
        if self.start_price >= self.end_price:
            raise ValueError("start_price is not below end_price")
        return self

    @property
    def market(self) -> Market:
        return Market(self.connector_name, self.trading_pair)


class GridStrike(Controller[GridStrikeConfig]):
    name: ClassVar[str] = "grid_strike"
    kind: ClassVar[Kind] = "generic"
    config_class: ClassVar[type[GridStrikeConfig]] = GridStrikeConfig

    @property
    def markets(self) -> tuple[Market, ...]:
        return (self.config.market,)

    def decide(self, context: Context) -> list[Action]:
        config = self.config
        is_within = config.start_price <= Decimal(context.price(config.market)) <= config.end_price
        if not is_within or active(context):
            return []
        prices = (config.start_price, config.end_price, config.limit_price)
        return [Create(config.grid(config.market, config.side, prices, config.total_amount_quote))]
