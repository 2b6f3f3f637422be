"""The configs of executors, as controllers create them."""

from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, Field

from aviary_common.confined.standins.enums import OrderType, PositionAction, TradeType
from aviary_common.confined.standins.models import ConnectorPair, TrailingStop, TripleBarrierConfig
from aviary_strategies.user_code.reference.states import DCAMode, ExecutionStrategy


class ExecutorConfigBase(BaseModel):
    """An empty ``id`` is given one when the executor is created."""

    id: str = ""
    type: str = ""
    timestamp: float | None = None
    controller_id: str = "main"


class PositionExecutorConfig(ExecutorConfigBase):
    type: Literal["position_executor"] = "position_executor"
    trading_pair: str
    connector_name: str
    side: TradeType
    entry_price: Decimal | None = None
    amount: Decimal = Field(gt=0)
    triple_barrier_config: TripleBarrierConfig = TripleBarrierConfig()
    leverage: int = 1
    activation_bounds: list[Decimal] | None = None
    level_id: str | None = None


class LimitChaserConfig(BaseModel):
    distance: Decimal
    refresh_threshold: Decimal


class OrderExecutorConfig(ExecutorConfigBase):
    type: Literal["order_executor"] = "order_executor"
    trading_pair: str
    connector_name: str
    side: TradeType
    amount: Decimal = Field(gt=0)
    position_action: PositionAction = PositionAction.OPEN
    price: Decimal | None = None
    chaser_config: LimitChaserConfig | None = None
    execution_strategy: ExecutionStrategy
    leverage: int = 1
    level_id: str | None = None


class DCAExecutorConfig(ExecutorConfigBase):
    type: Literal["dca_executor"] = "dca_executor"
    connector_name: str
    trading_pair: str
    side: TradeType
    leverage: int = 1
    amounts_quote: list[Decimal]
    prices: list[Decimal]
    take_profit: Decimal | None = None
    stop_loss: Decimal | None = None
    trailing_stop: TrailingStop | None = None
    time_limit: int | None = None
    mode: DCAMode = DCAMode.MAKER
    activation_bounds: list[Decimal] | None = None
    level_id: str | None = None


class GridExecutorConfig(ExecutorConfigBase):
    type: Literal["grid_executor"] = "grid_executor"
    connector_name: str
    trading_pair: str
    start_price: Decimal
    end_price: Decimal
    limit_price: Decimal
    side: TradeType = TradeType.BUY
    total_amount_quote: Decimal
    min_spread_between_orders: Decimal = Decimal("0.0005")
    min_order_amount_quote: Decimal = Decimal(5)
    max_open_orders: int = 5
    max_orders_per_batch: int | None = None
    order_frequency: int = 0
    activation_bounds: Decimal | None = None
    safe_extra_spread: Decimal = Decimal("0.0001")
    triple_barrier_config: TripleBarrierConfig
    leverage: int = 20
    level_id: str | None = None
    deduct_base_fees: bool = False
    keep_position: bool = False
    coerce_tp_to_step: bool = False


class ArbitrageExecutorConfig(ExecutorConfigBase):
    type: Literal["arbitrage_executor"] = "arbitrage_executor"
    buying_market: ConnectorPair
    selling_market: ConnectorPair
    order_amount: Decimal
    min_profitability: Decimal
    gas_conversion_price: Decimal | None = None
    level_id: str | None = None


class XEMMExecutorConfig(ExecutorConfigBase):
    type: Literal["xemm_executor"] = "xemm_executor"
    buying_market: ConnectorPair
    selling_market: ConnectorPair
    maker_side: TradeType
    order_amount: Decimal
    min_profitability: Decimal
    target_profitability: Decimal
    max_profitability: Decimal
    level_id: str | None = None


def barriers_of_dca(config: DCAExecutorConfig) -> dict[str, Any]:
    """What a DCA executor has of a triple barrier."""
    return {
        "stop_loss": config.stop_loss,
        "take_profit": config.take_profit,
        "time_limit": config.time_limit,
        "trailing_stop": config.trailing_stop,
        "open_order_type": OrderType.LIMIT if config.mode is DCAMode.MAKER else OrderType.MARKET,
    }
