"""The barriers of a position, as configs spell them."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from aviary_strategies.actions import Barriers, Trailing
from aviary_strategies.controllers.config import Strict, updatable
from aviary_strategies.controllers.spellings import AnOrderType, Barrier, Finite, TimeLimit
from aviary_strategies.types import OrderType


class TrailingStop(Strict):
    activation_price: Finite = Field(gt=0)
    trailing_delta: Finite = Field(gt=0)


def _read_trailing(value: object) -> object:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        return value
    parts = value.split(",")
    if len(parts) != 2:
        raise ValueError("is activation and delta with a comma between them, such as 0.015,0.005")
    return {"activation_price": parts[0].strip(), "trailing_delta": parts[1].strip()}


ATrailingStop = Annotated[TrailingStop | None, BeforeValidator(_read_trailing)]


class BarrierFields(Strict):
    """The barriers as fields of a config."""

    stop_loss: Barrier = updatable(Decimal("0.03"))
    take_profit: Barrier = updatable(Decimal("0.02"))
    time_limit: TimeLimit = updatable(60 * 45)
    take_profit_order_type: AnOrderType = updatable(OrderType.LIMIT)
    trailing_stop: ATrailingStop = updatable(None)

    def barriers(self, open_order_type: OrderType) -> Barriers:
        return barriers_of(
            self.stop_loss,
            self.take_profit,
            self.time_limit,
            self.trailing_stop,
            open_order_type,
            self.take_profit_order_type,
        )


class TripleBarrier(Strict):
    """The barriers as one object."""

    stop_loss: Barrier = None
    take_profit: Barrier = None
    time_limit: TimeLimit = None
    trailing_stop: ATrailingStop = None
    open_order_type: AnOrderType = OrderType.LIMIT
    take_profit_order_type: AnOrderType = OrderType.MARKET
    stop_loss_order_type: AnOrderType = OrderType.MARKET
    time_limit_order_type: AnOrderType = OrderType.MARKET

    def barriers(self) -> Barriers:
        return barriers_of(
            self.stop_loss,
            self.take_profit,
            self.time_limit,
            self.trailing_stop,
            self.open_order_type,
            self.take_profit_order_type,
        )


def barriers_of(
    stop_loss: Decimal | None,
    take_profit: Decimal | None,
    time_limit: int | None,
    trailing: TrailingStop | None,
    open_order_type: OrderType,
    take_profit_order_type: OrderType,
) -> Barriers:
    return Barriers(
        stop_loss=None if stop_loss is None else float(stop_loss),
        take_profit=None if take_profit is None else float(take_profit),
        time_limit=time_limit,
        trailing=None
        if trailing is None
        else Trailing(float(trailing.activation_price), float(trailing.trailing_delta)),
        open_order_type=open_order_type,
        take_profit_order_type=take_profit_order_type,
    )
