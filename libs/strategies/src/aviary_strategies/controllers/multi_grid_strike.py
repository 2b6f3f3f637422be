"""Several grids at fixed prices, each opened whenever the price is within it."""

from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from aviary_strategies.actions import Action, Create, Stop
from aviary_strategies.context import Context, active
from aviary_strategies.controller import Controller, Kind
from aviary_strategies.controllers.config import Strict, updatable
from aviary_strategies.controllers.grid_fields import GridFields
from aviary_strategies.controllers.spellings import ASide, Finite
from aviary_strategies.types import Market, Side


class Grid(Strict):
    grid_id: str = Field(min_length=1)
    start_price: Finite = updatable(..., gt=0)
    end_price: Finite = updatable(..., gt=0)
    limit_price: Finite = updatable(..., ge=0)
    side: ASide = updatable(Side.BUY)
    amount_quote_pct: Finite = updatable(..., gt=0, le=1)
    enabled: bool = updatable(True)

    @model_validator(mode="after")
    def _starts_below_its_end(self) -> Self:
        if self.start_price >= self.end_price:
            raise ValueError(f"start_price of grid {self.grid_id} is not below its end_price")
        return self


class MultiGridStrikeConfig(GridFields):
    controller_name: Literal["multi_grid_strike"] = "multi_grid_strike"
    connector_name: str = Field("binance_perpetual", min_length=1)
    trading_pair: str = Field("WLD-USDT", min_length=1)
    grids: tuple[Grid, ...] = updatable(())

    @field_validator("grids")
    @classmethod
    def _ids_differ(cls, grids: tuple[Grid, ...]) -> tuple[Grid, ...]:
        if len({grid.grid_id for grid in grids}) < len(grids):
            raise ValueError("two grids have the same grid_id")
        return grids

    @property
    def market(self) -> Market:
        return Market(self.connector_name, self.trading_pair)


class MultiGridStrike(Controller[MultiGridStrikeConfig]):
    """A grid's executor is known by its ``grid_id``; those of grids that are gone or disabled are stopped."""

    name: ClassVar[str] = "multi_grid_strike"
    kind: ClassVar[Kind] = "generic"
    config_class: ClassVar[type[MultiGridStrikeConfig]] = MultiGridStrikeConfig

    @property
    def markets(self) -> tuple[Market, ...]:
        return (self.config.market,)

    def decide(self, context: Context) -> list[Action]:
        config = self.config
        price = Decimal(context.price(config.market))
        running = {executor.level_id: executor.executor_id for executor in active(context)}
        wanted = {grid.grid_id: grid for grid in config.grids if grid.enabled}
        actions: list[Action] = [
            Create(
                config.grid(
                    config.market,
                    grid.side,
                    (grid.start_price, grid.end_price, grid.limit_price),
                    config.total_amount_quote * grid.amount_quote_pct,
                    grid_id,
                )
            )
            for grid_id, grid in wanted.items()
            if grid_id not in running and grid.start_price <= price <= grid.end_price
        ]
        return actions + [Stop(executor_id) for level_id, executor_id in running.items() if level_id not in wanted]
