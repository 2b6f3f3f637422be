"""The pydantic models that configs are made of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

from aviary_common.confined.standins.enums import OrderType, TradeType, parse_enum_value


@dataclass
class ClientFieldData:
    """How older code marked a field; newer code uses ``json_schema_extra``."""

    prompt: Callable[[Any], str] | None = None
    prompt_on_new: bool = False
    is_secure: bool = False
    is_connect_key: bool = False
    is_updatable: bool = False


class BaseClientModel(BaseModel):
    model_config = ConfigDict(validate_assignment=True, title=None, extra="forbid")


class CandlesConfig(BaseModel):
    connector: str
    trading_pair: str
    interval: str = "1m"
    max_records: int = 500


class ConnectorPair(BaseModel):
    model_config = ConfigDict(frozen=True)

    connector_name: str
    trading_pair: str

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]  # users unpack it as a pair
        yield self.connector_name
        yield self.trading_pair


class InitialPositionConfig(BaseModel):
    connector_name: str
    trading_pair: str
    amount: Decimal
    side: TradeType

    @field_validator("side", mode="before")
    @classmethod
    def parse_side(cls, value: object) -> object:
        return parse_enum_value(TradeType, value, "side")


class TrailingStop(BaseModel):
    activation_price: Decimal
    trailing_delta: Decimal


class TripleBarrierConfig(BaseModel):
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    time_limit: int | None = None
    trailing_stop: TrailingStop | None = None
    open_order_type: OrderType = OrderType.LIMIT
    take_profit_order_type: OrderType = OrderType.MARKET
    stop_loss_order_type: OrderType = OrderType.MARKET
    time_limit_order_type: OrderType = OrderType.MARKET
