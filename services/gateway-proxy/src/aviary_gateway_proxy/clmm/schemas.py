"""What ``/gateway/clmm`` answers about positions, and what lists of them are narrowed by."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator

from aviary_common.models import DecimalNumber, DecimalText, Tolerant, aliases, example
from aviary_common.pagination import Limit
from aviary_common.timestamps import utc_now
from aviary_gateway_proxy.clmm import pnl
from aviary_gateway_proxy.clmm.project import oriented
from aviary_gateway_proxy.clmm.record import EventType, InRange, PositionRow, PositionStatus
from aviary_gateway_proxy.history import AnyCaseAddress, HistoryFilter
from aviary_gateway_proxy.swaps.schemas import AnyCasePair, any_case
from aviary_gateway_proxy.transactions.record import Transaction
from aviary_gateway_proxy.transactions.schemas import told_status
from aviary_gateway_proxy.transactions.states import TxState, TxStatus


class LiquidityChanged(BaseModel):
    """``status`` is ``submitted``, or ``unknown`` (with HTTP 202) while it is being found out what has happened: follow
    it at ``/gateway/transactions/{transaction_id}``."""

    transaction_hash: str | None
    transaction_id: str
    position_address: str | None
    status: str
    state: TxState

    @classmethod
    def of(cls, transaction: Transaction) -> Self:
        return cls(**cls.facts(transaction))

    @classmethod
    def facts(cls, transaction: Transaction) -> dict[str, Any]:
        told = transaction.about.get("position_address") or (transaction.result or {}).get("positionAddress")
        return {
            "transaction_hash": transaction.hash,
            "transaction_id": str(transaction.id),
            "position_address": None if told is None else str(told),
            "status": told_status(transaction),
            "state": transaction.state,
        }


class Opened(LiquidityChanged):
    """Prices are quote per base of ``trading_pair``."""

    trading_pair: str
    pool_address: str
    lower_price: DecimalText
    upper_price: DecimalText

    @classmethod
    def facts(cls, transaction: Transaction) -> dict[str, Any]:
        names = ("trading_pair", "pool_address", "lower_price", "upper_price")
        return super().facts(transaction) | {name: transaction.about[name] for name in names}


class LiquidityRemoved(LiquidityChanged):
    percentage: DecimalText

    @classmethod
    def facts(cls, transaction: Transaction) -> dict[str, Any]:
        return super().facts(transaction) | {"percentage": transaction.about["percentage"]}


class Collected(LiquidityChanged):
    """Fees that came out; null until they are known."""

    base_fee_collected: DecimalText | None
    quote_fee_collected: DecimalText | None

    @classmethod
    def facts(cls, transaction: Transaction) -> dict[str, Any]:
        fees = None if transaction.result is None else oriented(transaction)
        return super().facts(transaction) | {
            "base_fee_collected": fees and fees.base_fee,
            "quote_fee_collected": fees and fees.quote_fee,
        }


class PositionQuote(BaseModel):
    base_limited: bool
    base_token_amount: DecimalText
    quote_token_amount: DecimalText
    base_token_amount_max: DecimalText
    quote_token_amount_max: DecimalText
    liquidity: DecimalText | None


class OwnedPosition(BaseModel):
    """Prices are quote per base of ``trading_pair``."""

    position_address: str
    pool_address: str
    trading_pair: str
    base_token: str
    quote_token: str
    base_token_amount: DecimalText
    quote_token_amount: DecimalText
    current_price: DecimalText
    lower_price: DecimalText
    upper_price: DecimalText
    base_fee_amount: DecimalText
    quote_fee_amount: DecimalText
    lower_bin_id: int | None
    upper_bin_id: int | None
    in_range: bool


class PnlOut(BaseModel):
    entry_price: DecimalNumber
    current_price: DecimalNumber
    price_change_pct: DecimalNumber | None
    initial_base: DecimalNumber
    initial_quote: DecimalNumber
    initial_value_quote: DecimalNumber
    current_base: DecimalNumber
    current_quote: DecimalNumber
    current_lp_value_quote: DecimalNumber
    total_fees_base: DecimalNumber
    total_fees_quote: DecimalNumber
    total_fees_value_quote: DecimalNumber
    hodl_value_quote: DecimalNumber
    impermanent_loss_quote: DecimalNumber
    current_total_value_quote: DecimalNumber
    total_pnl_quote: DecimalNumber
    total_pnl_pct: DecimalNumber | None
    duration_hours: DecimalNumber
    fee_apr_estimate: DecimalNumber | None


class ClmmPositionOut(BaseModel):
    position_address: str
    pool_address: str
    network: str
    connector: str
    wallet_address: str
    trading_pair: str
    base_token: str
    quote_token: str
    created_at: datetime
    closed_at: datetime | None
    status: PositionStatus
    lower_price: DecimalNumber
    upper_price: DecimalNumber
    lower_bin_id: int | None
    upper_bin_id: int | None
    entry_price: DecimalNumber | None
    current_price: DecimalNumber | None
    percentage: DecimalNumber | None
    initial_base_token_amount: DecimalNumber
    initial_quote_token_amount: DecimalNumber
    position_rent: DecimalNumber | None
    base_token_amount: DecimalNumber
    quote_token_amount: DecimalNumber
    in_range: InRange
    base_fee_collected: DecimalNumber
    quote_fee_collected: DecimalNumber
    base_fee_pending: DecimalNumber
    quote_fee_pending: DecimalNumber
    last_updated: datetime
    pnl_summary: PnlOut | None

    @classmethod
    def of(cls, row: PositionRow) -> Self:
        found = pnl.summary(row, utc_now())
        facts = {name: getattr(row, name) for name in cls.model_fields if name != "pnl_summary"}
        summary = None if found is None else PnlOut(**{name: getattr(found, name) for name in PnlOut.model_fields})
        return cls(**facts, pnl_summary=summary)


class ClmmPositionFilter(HistoryFilter):
    model_config = example({"network": "ethereum-mainnet", "status": "OPEN", "limit": 50})

    trading_pair: AnyCasePair | None = None
    status: Annotated[PositionStatus, BeforeValidator(any_case)] | None = None
    position_addresses: list[str] | None = None
    refresh: bool = False


class EventsAsked(Tolerant):
    """An address alone may be met on several networks: say which."""

    event_type: Annotated[EventType, BeforeValidator(any_case)] | None = None
    network: str | None = None
    chain: str | None = None
    connector: str | None = None
    wallet_address: AnyCaseAddress | None = aliases("wallet_address", "address", default=None)
    limit: Limit = 100


class ClmmEventOut(BaseModel):
    transaction_hash: str | None
    timestamp: datetime
    event_type: EventType
    base_token_amount: DecimalNumber | None
    quote_token_amount: DecimalNumber | None
    base_fee_collected: DecimalNumber | None
    quote_fee_collected: DecimalNumber | None
    gas_fee: DecimalNumber | None
    gas_token: str | None
    status: TxStatus
    state: TxState
    error_message: str | None
    network: str
    connector: str
    wallet_address: str
    pool_address: str
    position_address: str | None
    trading_pair: str


class Events(BaseModel):
    data: list[ClmmEventOut]
    total_count: int
