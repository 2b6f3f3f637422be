"""What users' config classes derive from. The validators have Hummingbot's names, because subclasses replace them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, TypeVar

from pydantic import Field, ValidationInfo, field_validator

from aviary_common.confined.standins import parsing
from aviary_common.confined.standins.enums import OrderType, PositionMode, parse_enum_value
from aviary_common.confined.standins.models import (
    BaseClientModel,
    CandlesConfig,
    InitialPositionConfig,
    TrailingStop,
    TripleBarrierConfig,
)

M = TypeVar("M")
UPDATABLE: Final[Mapping[str, Any]] = {"is_updatable": True}


def updatable(default: Any, **limits: Any) -> Any:
    """A field that a running bot takes a new value for."""
    return Field(default=default, json_schema_extra=dict(UPDATABLE), **limits)


class _Parsing(BaseClientModel):
    @staticmethod
    def parse_candles_config_str(v: str) -> list[CandlesConfig]:
        return parsing.candles(v)

    @staticmethod
    def parse_markets_str(v: str) -> dict[str, set[str]]:
        return parsing.markets(v)

    def update_markets(self, markets: M) -> M:
        return markets


class StrategyV2ConfigBase(_Parsing):
    script_file_name: str = ""
    controllers_config: list[str] = Field(default=[])

    @field_validator("controllers_config", mode="before")
    @classmethod
    def parse_controllers_config(cls, v: object) -> object:
        if isinstance(v, str):
            return [part.strip() for part in v.split(",") if part.strip()]
        return [] if v is None else v


class ControllerConfigBase(_Parsing):
    id: str
    controller_name: str
    controller_type: str = "generic"
    total_amount_quote: Decimal = updatable(Decimal(100))
    manual_kill_switch: bool = updatable(False)
    initial_positions: list[InitialPositionConfig] = Field(default=[])


class _Barriers(ControllerConfigBase):
    """What both kinds of strategy share: where they trade, and when a position ends."""

    connector_name: str = "binance_perpetual"
    trading_pair: str = "WLD-USDT"
    leverage: int = 20
    position_mode: PositionMode = "HEDGE"  # type: ignore[assignment]  # as its users see it in templates
    stop_loss: Decimal | None = updatable(Decimal("0.03"), gt=0)
    take_profit: Decimal | None = updatable(Decimal("0.02"), gt=0)
    time_limit: int | None = updatable(60 * 45, gt=0)
    take_profit_order_type: OrderType = updatable(OrderType.LIMIT)
    trailing_stop: TrailingStop | None = updatable(None)

    @field_validator("trailing_stop", mode="before")
    @classmethod
    def parse_trailing_stop(cls, v: object) -> object:
        if not isinstance(v, str):
            return v
        if not v.strip():
            return None
        activation, _, delta = v.partition(",")
        return {"activation_price": activation.strip(), "trailing_delta": delta.strip()}

    @field_validator("time_limit", "stop_loss", "take_profit", mode="before")
    @classmethod
    def validate_target(cls, v: object) -> object:
        return None if v == "" else v

    @field_validator("take_profit_order_type", mode="before")
    @classmethod
    def validate_order_type(cls, v: object) -> object:
        return OrderType.MARKET if v is None else parse_enum_value(OrderType, v, "take_profit_order_type")

    @field_validator("position_mode", mode="before")
    @classmethod
    def validate_position_mode(cls, v: object) -> object:
        return parse_enum_value(PositionMode, v, "position_mode")

    @property
    def triple_barrier_config(self) -> TripleBarrierConfig:
        return TripleBarrierConfig(
            stop_loss=self.stop_loss,
            take_profit=self.take_profit,
            time_limit=self.time_limit,
            trailing_stop=self.trailing_stop,
            take_profit_order_type=self.take_profit_order_type,
        )


class DirectionalTradingControllerConfigBase(_Barriers):
    controller_type: str = "directional_trading"
    max_executors_per_side: int = updatable(2)
    cooldown_time: int = updatable(300, gt=0)


class MarketMakingControllerConfigBase(_Barriers):
    controller_type: str = "market_making"
    buy_spreads: list[float] = updatable("0.01,0.02")
    sell_spreads: list[float] = updatable("0.01,0.02")
    buy_amounts_pct: list[Decimal] | None = updatable(None)
    sell_amounts_pct: list[Decimal] | None = updatable(None)
    executor_refresh_time: int = updatable(300)
    cooldown_time: int = updatable(15)
    position_rebalance_threshold_pct: Decimal = updatable(Decimal("0.05"))
    skip_rebalance: bool = False

    @field_validator("buy_spreads", "sell_spreads", mode="before")
    @classmethod
    def parse_spreads(cls, v: object) -> object:
        return [] if v is None else parsing.numbers(v, float)

    @field_validator("buy_amounts_pct", "sell_amounts_pct", mode="before")
    @classmethod
    def parse_and_validate_amounts(cls, v: object, validation_info: ValidationInfo) -> object:
        side = str(validation_info.field_name).replace("amounts_pct", "spreads")
        levels = len(validation_info.data.get(side, ()))
        if v is None or v == "":
            return [1] * levels
        amounts = parsing.numbers(v, float)
        if isinstance(amounts, list) and len(amounts) != levels:
            raise ValueError(f"has {len(amounts)} amounts for the {levels} levels of {side}")
        return amounts
