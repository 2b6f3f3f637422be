"""Which table and which columns a row comes from, in the order of the row's fields."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from aviary_orchestration.archives.columns import Column, Stored, fixed, flag, number, side, text, whole
from aviary_orchestration.archives.rows import Controller, Executor, Order, Position, Trade

T = TypeVar("T")


@dataclass(frozen=True)
class Shape(Generic[T]):
    table: str
    make: Callable[..., T]
    columns: Sequence[Column]

    def selected(self, present: Collection[str]) -> str:
        """The columns as SQL; one that an older release did not have is null."""
        return ", ".join(quoted(each.stored) if each.stored in present else "NULL" for each in self.columns)

    def row(self, values: Sequence[Stored]) -> T:
        return self.make(*(column.read(value) for column, value in zip(self.columns, values, strict=True)))


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _columns(read: Callable[[Stored], object], *names: str) -> list[Column]:
    return [Column(name, read) for name in names]


MARKET: Final = ("market", "symbol", "base_asset", "quote_asset")

TRADES: Final = Shape(
    "TradeFill",
    Trade,
    [
        *_columns(text, "config_file_path", "strategy", *MARKET),
        Column("timestamp", whole),
        *_columns(text, "order_id", "trade_type", "order_type"),
        *_columns(fixed, "price", "amount"),
        Column("leverage", whole),
        Column("trade_fee_in_quote", fixed),
        *_columns(text, "exchange_trade_id", "position"),
        *_columns(fixed, "added_fee", "fees_until_then"),
    ],
)
"""The last two are in no file: they are summed up for each page."""

ORDERS: Final = Shape(
    "Order",
    Order,
    [
        *_columns(text, "id", "config_file_path", "strategy", *MARKET),
        Column("creation_timestamp", whole),
        Column("order_type", text),
        Column("amount", fixed),
        Column("leverage", whole),
        Column("price", fixed),
        Column("last_status", text),
        Column("last_update_timestamp", whole),
        *_columns(text, "exchange_order_id", "position"),
    ],
)

POSITIONS: Final = Shape(
    "Position",
    Position,
    [
        *_columns(text, "id", "controller_id", "connector_name"),
        Column("side", side),
        Column("trading_pair", text),
        Column("timestamp", whole),
        *_columns(fixed, "volume_traded_quote", "amount", "breakeven_price"),
        *_columns(fixed, "unrealized_pnl_quote", "realized_pnl_quote", "cum_fees_quote"),
    ],
)

EXECUTORS: Final = Shape(
    "Executors",
    Executor,
    [
        Column("id", text),
        Column("timestamp", number),
        Column("type", text),
        Column("close_type", whole),
        Column("close_timestamp", number),
        Column("status", whole),
        Column("config", text),
        *_columns(number, "net_pnl_pct", "net_pnl_quote", "cum_fees_quote", "filled_amount_quote"),
        *_columns(flag, "is_active", "is_trading"),
        *_columns(text, "custom_info", "controller_id"),
    ],
)

CONTROLLERS: Final = Shape(
    "Controllers",
    Controller,
    [
        Column("id", text),
        Column("controller_id", whole),
        Column("timestamp", number),
        *_columns(text, "type", "config"),
    ],
)
