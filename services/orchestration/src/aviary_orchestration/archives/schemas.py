"""Answers about an archived bot."""

from typing import Self

from pydantic import BaseModel, JsonValue

from aviary_common.models import DecimalNumber
from aviary_orchestration.archives.columns import Plain
from aviary_orchestration.archives.decoding import parsed, parsed_with_names
from aviary_orchestration.archives.enums import CloseType, RunnableStatus, name_of
from aviary_orchestration.archives.paging import OffsetPagination
from aviary_orchestration.archives.rows import Controller, Executor, Order, Position, Trade


class TableStatus(BaseModel):
    """Each is ``Correct``, or ``Error - `` and why."""

    db_name: str
    db_path: str
    trade_fill: str
    orders: str
    order_status: str
    executors: str
    controllers: str
    positions: str
    general_status: bool


class StatusOut(BaseModel):
    """An empty table is unhealthy."""

    db_path: str
    status: TableStatus
    healthy: bool


class SummaryOut(BaseModel):
    """Pairs and exchanges are those with fills."""

    db_path: str
    total_orders: int
    total_trades: int
    total_executors: int
    total_positions: int
    total_controllers: int
    trading_pairs: list[str]
    exchanges: list[str]


class Paged(BaseModel):
    db_path: str
    pagination: OffsetPagination
    next_cursor: str | None
    total: int


class TradesOut(Paged):
    trades: list[Trade]


class OrdersOut(Paged):
    orders: list[Order]


class PositionsOut(Paged):
    positions: list[Position]


class ControllersOut(Paged):
    controllers: list[Controller]


class ExecutorOut(BaseModel):
    """Times in seconds. Decoded, enums are names and the JSON texts are parsed."""

    id: str | None
    timestamp: DecimalNumber
    type: str | None
    close_type: int | str | None
    close_timestamp: DecimalNumber
    status: int | str | None
    config: JsonValue
    net_pnl_pct: DecimalNumber
    net_pnl_quote: DecimalNumber
    cum_fees_quote: DecimalNumber
    filled_amount_quote: DecimalNumber
    is_active: bool
    is_trading: bool
    custom_info: JsonValue
    controller_id: str | None

    @classmethod
    def of(cls, executor: Executor) -> Self:
        return cls.model_validate(executor, from_attributes=True)

    @classmethod
    def decoded(cls, executor: Executor) -> Self:
        return cls.of(executor).model_copy(
            update={
                "close_type": name_of(CloseType, executor.close_type),
                "status": name_of(RunnableStatus, executor.status),
                "config": parsed_with_names(executor.config),
                "custom_info": parsed_with_names(executor.custom_info),
            }
        )


class ExecutorsOut(Paged):
    executors: list[ExecutorOut]


class ExecutorConfigOut(BaseModel):
    """``config`` is null when what is stored cannot be read."""

    id: str | None
    controller_id: str | None
    type: str | None
    config: JsonValue

    @classmethod
    def of(cls, executor: Executor) -> Self:
        config = parsed(executor.config)
        return cls(id=executor.id, controller_id=executor.controller_id, type=executor.type, config=config)


class ExecutorConfigsOut(Paged):
    executors_config: list[ExecutorConfigOut]


class TableOut(Paged):
    """Rows as they are stored: numbers unscaled, bytes as hex digits."""

    table_name: str
    columns: list[str]
    data: list[dict[str, Plain]]


class Removed(BaseModel):
    message: str
    bot_name: str
    bot_runs_deleted: int
