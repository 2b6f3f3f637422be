"""What ``/gateway/swap`` and ``/gateway/swaps`` take and answer."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, Field, field_validator, model_validator

from aviary_common.models import Amount, DecimalNumber, DecimalText, Tolerant, aliases, case_blind, example
from aviary_common.timestamps import UtcTime
from aviary_gateway_proxy.history import AnyCaseAddress, HistoryFilter
from aviary_gateway_proxy.swaps.amounts import Side, slippage_pct
from aviary_gateway_proxy.transactions.record import Transaction
from aviary_gateway_proxy.transactions.schemas import told_status
from aviary_gateway_proxy.transactions.states import TxState, TxStatus

LONGEST_SYMBOL = 30

AnyCaseSide = Annotated[Side, case_blind(Side)]
Slippage = Annotated[Decimal, BeforeValidator(slippage_pct), Field(ge=0, le=100, allow_inf_nan=False)]
"""In percent."""


def known_as(token: str) -> str:
    """Symbols in capitals; addresses as they are."""
    return token.upper() if len(token) <= LONGEST_SYMBOL else token


class SwapAsked(Tolerant):
    """In both forms: ``trading_pair`` on ``network`` ``ethereum-mainnet``, or ``base`` and ``quote`` with ``chain`` and
    ``network``. ``connector`` may name its kind of pool: ``uniswap/router``."""

    model_config = example(
        {
            "connector": "uniswap",
            "network": "ethereum-mainnet",
            "trading_pair": "WETH-USDC",
            "side": "SELL",
            "amount": "0.01",
            "slippage_pct": "1",
        }
    )

    connector: str
    network: str
    chain: str | None = None
    trading_pair: str | None = aliases("trading_pair", "tradingPair", default=None)
    base: str | None = aliases("base", "base_token", "baseToken", default=None)
    quote: str | None = aliases("quote", "quote_token", "quoteToken", default=None)
    side: AnyCaseSide
    amount: Amount
    slippage_pct: Slippage | None = aliases(
        "slippage_pct", "slippagePct", "allowedSlippage", "allowed_slippage", default=None
    )
    wallet_address: str | None = aliases("wallet_address", "address", "walletAddress", default=None)
    pool_address: str | None = aliases("pool_address", "poolAddress", default=None)
    extra_params: dict[str, Any] | None = None

    @field_validator("side", mode="before")
    @classmethod
    def without_quotes(cls, value: object) -> object:
        return value.strip('"') if isinstance(value, str) else value

    @model_validator(mode="after")
    def of_two_tokens(self) -> Self:
        if self.trading_pair and not (self.base and self.quote):
            base, _, quote = self.trading_pair.partition("-")
            self.base, self.quote = base.strip(), quote.strip()
        if not self.base or not self.quote:
            raise ValueError("say trading_pair as BASE-QUOTE, or base and quote")
        return self

    @property
    def tokens(self) -> tuple[str, str]:
        """Base and quote, as the user names them."""
        return known_as(self.base or ""), known_as(self.quote or "")

    @property
    def pair(self) -> str:
        return "-".join(self.tokens)


class SwapQuoteAsked(SwapAsked):
    """To be executed as quoted."""

    model_config = example(
        {
            "connector": "uniswap",
            "network": "ethereum-mainnet",
            "trading_pair": "WETH-USDC",
            "side": "SELL",
            "amount": "0.01",
            "quote_id": "0b7f2a3e",
        }
    )

    quote_id: str = aliases("quote_id", "quoteId")


class SwapQuoted(BaseModel):
    """``price`` is quote per base. ``amount_in`` is given, ``amount_out`` is got."""

    model_config = example(
        {
            "base": "WETH",
            "quote": "USDC",
            "price": "2500.1",
            "amount": "0.01",
            "amount_in": "0.01",
            "amount_out": "25.001",
            "expected_amount": "25.001",
            "slippage_pct": "1",
            "gas_estimate": "0.0002",
            "quote_id": "0b7f2a3e",
            "min_amount_out": "24.75",
            "max_amount_in": "0.01",
            "price_impact_pct": "0.01",
            "pool_address": "0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640",
            "connector": "uniswap",
        }
    )

    base: str
    quote: str
    price: DecimalText
    amount: DecimalText
    amount_in: DecimalText | None
    amount_out: DecimalText | None
    expected_amount: DecimalText | None
    slippage_pct: DecimalText | None
    gas_estimate: DecimalText | None
    quote_id: str | None
    min_amount_out: DecimalText | None
    max_amount_in: DecimalText | None
    price_impact_pct: DecimalText | None
    pool_address: str | None
    connector: str


class SwapExecuted(BaseModel):
    """``status`` is ``submitted``, or ``unknown`` (with HTTP 202) while it is being found out what has happened: follow
    it with ``transaction_id`` where there is no hash. ``state`` says it finer."""

    model_config = example(
        {
            "transaction_hash": "0xabababababababababababababababababababababababababababababababab",
            "transaction_id": "6f1c0c4b",
            "trading_pair": "WETH-USDC",
            "side": "SELL",
            "amount": "0.01",
            "status": "submitted",
            "state": "SUBMITTED",
        }
    )

    transaction_hash: str | None
    transaction_id: str
    trading_pair: str
    side: Side
    amount: DecimalText
    status: str
    state: TxState

    @classmethod
    def of(cls, transaction: Transaction) -> Self:
        about = transaction.about
        return cls(
            transaction_hash=transaction.hash,
            transaction_id=str(transaction.id),
            trading_pair=about["trading_pair"],
            side=about["side"],
            amount=about["amount"],
            status=told_status(transaction),
            state=transaction.state,
        )


class SwapOut(BaseModel):
    """``price`` is quote per base; the amounts are null until somebody has told them."""

    transaction_hash: str | None
    transaction_id: str | None
    timestamp: datetime
    network: str
    connector: str
    wallet_address: str
    trading_pair: str
    base_token: str
    quote_token: str
    side: Side
    input_amount: DecimalNumber | None
    output_amount: DecimalNumber | None
    price: DecimalNumber | None
    slippage_pct: DecimalNumber | None
    gas_fee: DecimalNumber | None
    gas_token: str | None
    status: TxStatus
    state: TxState
    pool_address: str | None
    quote_id: str | None
    error_message: str | None


def any_case(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


def known_pair(value: object) -> object:
    if not isinstance(value, str):
        return value
    return "-".join(known_as(token.strip()) for token in value.split("-"))


AnyCaseStatus = Annotated[TxStatus, BeforeValidator(any_case)]
AnyCasePair = Annotated[str, BeforeValidator(known_pair)]


class SwapFilter(HistoryFilter):
    model_config = example({"network": "ethereum-mainnet", "trading_pair": "WETH-USDC", "limit": 50})

    trading_pair: AnyCasePair | None = None
    status: AnyCaseStatus | None = None
    start_time: UtcTime | None = None
    end_time: UtcTime | None = None


class SummaryFilter(Tolerant):
    network: str | None = None
    wallet_address: AnyCaseAddress | None = aliases("wallet_address", "address", default=None)
    start_time: UtcTime | None = None
    end_time: UtcTime | None = None


class SwapSummary(BaseModel):
    """``total_volume`` is what was bought or sold of the base tokens; ``success_rate`` is of all."""

    total_swaps: int
    confirmed_swaps: int
    failed_swaps: int
    pending_swaps: int
    success_rate: float
    total_volume: DecimalNumber
    total_gas_fees: DecimalNumber
