"""Databases as Hummingbot writes them: its tables, and rows with values that do not matter unless a test says so."""

import sqlite3
from contextlib import closing
from itertools import count
from typing import Any, Final

from aviary_orchestration.folder import BotsFolder

TABLES: Final = {
    "Order": """id TEXT PRIMARY KEY, config_file_path TEXT, strategy TEXT, market TEXT, symbol TEXT, base_asset TEXT,
        quote_asset TEXT, creation_timestamp BIGINT, order_type TEXT, amount BIGINT, leverage INTEGER, price BIGINT,
        last_status TEXT, last_update_timestamp BIGINT, exchange_order_id TEXT, position TEXT""",
    "OrderStatus": "id INTEGER PRIMARY KEY, order_id TEXT, timestamp BIGINT, status TEXT",
    "TradeFill": """config_file_path TEXT, strategy TEXT, market TEXT, symbol TEXT, base_asset TEXT, quote_asset TEXT,
        timestamp BIGINT, order_id TEXT, trade_type TEXT, order_type TEXT, price BIGINT, amount BIGINT,
        leverage INTEGER, trade_fee JSON, trade_fee_in_quote BIGINT, exchange_trade_id TEXT, position TEXT,
        PRIMARY KEY (market, order_id, exchange_trade_id)""",
    "Executors": """id TEXT PRIMARY KEY, timestamp FLOAT, type TEXT, close_type INTEGER, close_timestamp FLOAT,
        status INTEGER, config JSON, net_pnl_pct FLOAT, net_pnl_quote FLOAT, cum_fees_quote FLOAT,
        filled_amount_quote FLOAT, is_active BOOLEAN, is_trading BOOLEAN, custom_info JSON, controller_id TEXT""",
    "Controllers": "controller_id INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT, timestamp FLOAT, type TEXT, config JSON",
    "Position": """id TEXT PRIMARY KEY, controller_id TEXT, connector_name TEXT, side INTEGER, trading_pair TEXT,
        timestamp BIGINT, volume_traded_quote BIGINT, amount BIGINT, breakeven_price BIGINT,
        unrealized_pnl_quote BIGINT, realized_pnl_quote BIGINT, cum_fees_quote BIGINT""",
}

SOMETHING: Final[dict[str, dict[str, Any]]] = {
    "Order": {
        "config_file_path": "conf.yml",
        "strategy": "v2",
        "market": "binance",
        "symbol": "BTC-USDT",
        "base_asset": "BTC",
        "quote_asset": "USDT",
        "creation_timestamp": 1_700_000_000_000,
        "order_type": "LIMIT",
        "amount": 1_500_000,
        "leverage": 1,
        "price": 60_000_250_000,
        "last_status": "BuyOrderCreated",
        "last_update_timestamp": 1_700_000_001_000,
        "exchange_order_id": "77",
        "position": "NIL",
    },
    "OrderStatus": {"order_id": "order-1", "timestamp": 1_700_000_000_000, "status": "BuyOrderCreated"},
    "TradeFill": {
        "config_file_path": "conf.yml",
        "strategy": "v2",
        "market": "binance",
        "symbol": "BTC-USDT",
        "base_asset": "BTC",
        "quote_asset": "USDT",
        "timestamp": 1_700_000_000_000,
        "trade_type": "BUY",
        "order_type": "LIMIT",
        "price": 100_000_000,
        "amount": 1_000_000,
        "leverage": 1,
        "trade_fee": '{"percent": "0.001"}',
        "trade_fee_in_quote": 100_000,
        "position": "NIL",
    },
    "Executors": {
        "timestamp": 1_700_000_000.5,
        "type": "position_executor",
        "close_type": 3,
        "close_timestamp": 1_700_000_100.5,
        "status": 4,
        "config": '{"id": "e", "side": 1, "leverage": 20}',
        "net_pnl_pct": 0.01,
        "net_pnl_quote": 1.25,
        "cum_fees_quote": 0.5,
        "filled_amount_quote": 125.0,
        "is_active": 0,
        "is_trading": 0,
        "custom_info": '{"side": 2, "held": []}',
        "controller_id": "main",
    },
    "Controllers": {"id": "main", "timestamp": 1_700_000_000.5, "type": "generic", "config": '{"id": "main"}'},
    "Position": {
        "controller_id": "main",
        "connector_name": "binance_perpetual",
        "side": 1,
        "trading_pair": "BTC-USDT",
        "timestamp": 1_700_000_000_000,
        "volume_traded_quote": 250_500_000,
        "amount": 1_500_000,
        "breakeven_price": 99_500_000,
        "unrealized_pnl_quote": -2_000_001,
        "realized_pnl_quote": 3_250_000,
        "cum_fees_quote": 125_000,
    },
}

KEYS: Final = {
    "Order": ("id",),
    "TradeFill": ("order_id", "exchange_trade_id"),
    "Executors": ("id",),
    "Position": ("id",),
}


class BotDatabase:
    """A bot's file at the place where its archive would have it."""

    def __init__(self, folder: BotsFolder, instance: str, tables: dict[str, str] | None = None) -> None:
        self.path = folder.archived / instance / "data" / f"{instance}.sqlite"
        self.path.parent.mkdir(parents=True)
        self.listed = f"bots/archived/{instance}/data/{instance}.sqlite"
        self._numbers = count(1)
        self.run(*(f'CREATE TABLE "{name}" ({columns})' for name, columns in (tables or TABLES).items()))

    def run(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.path)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    def add(self, table: str, **values: Any) -> None:
        """One row, with a key that no other row has."""
        self.add_all(table, [values])

    def add_all(self, table: str, rows: list[dict[str, Any]]) -> None:
        with closing(sqlite3.connect(self.path)) as connection, connection:
            for given in rows:
                keys = {key: f"{table.lower()}-{next(self._numbers)}" for key in KEYS.get(table, ())}
                row = SOMETHING[table] | keys | given
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" for _ in row)
                connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(row.values()))  # noqa: S608

    def fill(self, side: str, price: str, amount: str, fee: str = "0", **values: Any) -> None:
        """Amounts as people write them."""
        prices = {"price": millionths(price), "amount": millionths(amount), "trade_fee_in_quote": millionths(fee)}
        self.add("TradeFill", trade_type=side, **prices, **values)

    def fill_everything(self) -> None:
        for table in TABLES:
            self.add(table)


def millionths(number: str) -> int:
    whole, _, rest = number.partition(".")
    return int(whole + rest.ljust(6, "0"))
