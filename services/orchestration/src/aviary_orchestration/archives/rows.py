"""Rows of a bot's database under the names that answers use. Times are in milliseconds unless they say otherwise."""

from dataclasses import dataclass

from aviary_common.models import DecimalNumber


@dataclass(frozen=True, slots=True)
class Trade:
    """``trade_fee`` is what the fill added to ``cum_fees_in_quote``, in the quote asset.

    The sum runs per config, connector and pair in the order of the file; its first fill has a ``trade_fee`` of 0.
    """

    config_file_path: str | None
    strategy: str | None
    connector_name: str | None
    trading_pair: str | None
    base_asset: str | None
    quote_asset: str | None
    timestamp: int
    order_id: str | None
    trade_type: str | None
    order_type: str | None
    price: DecimalNumber
    amount: DecimalNumber
    leverage: int
    trade_fee_in_quote: DecimalNumber
    exchange_trade_id: str | None
    position: str | None
    trade_fee: DecimalNumber
    cum_fees_in_quote: DecimalNumber


@dataclass(frozen=True, slots=True)
class Order:
    id: str | None
    config_file_path: str | None
    strategy: str | None
    connector_name: str | None
    trading_pair: str | None
    base_asset: str | None
    quote_asset: str | None
    creation_timestamp: int
    order_type: str | None
    amount: DecimalNumber
    leverage: int
    price: DecimalNumber
    last_status: str | None
    last_update_timestamp: int
    exchange_order_id: str | None
    position: str | None


@dataclass(frozen=True, slots=True)
class Position:
    id: str | None
    controller_id: str | None
    connector_name: str | None
    side: int | str | None
    trading_pair: str | None
    timestamp: int
    volume_traded_quote: DecimalNumber
    amount: DecimalNumber
    breakeven_price: DecimalNumber
    unrealized_pnl_quote: DecimalNumber
    realized_pnl_quote: DecimalNumber
    cum_fees_quote: DecimalNumber


@dataclass(frozen=True, slots=True)
class Executor:
    """Its times are in seconds; ``config`` and ``custom_info`` are JSON text."""

    id: str | None
    timestamp: DecimalNumber
    type: str | None
    close_type: int
    close_timestamp: DecimalNumber
    status: int
    config: str | None
    net_pnl_pct: DecimalNumber
    net_pnl_quote: DecimalNumber
    cum_fees_quote: DecimalNumber
    filled_amount_quote: DecimalNumber
    is_active: bool
    is_trading: bool
    custom_info: str | None
    controller_id: str | None


@dataclass(frozen=True, slots=True)
class Controller:
    """Its time is in seconds; ``config`` is JSON text."""

    id: str | None
    controller_id: int
    timestamp: DecimalNumber
    type: str | None
    config: str | None
