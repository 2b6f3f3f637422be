"""What ``/gateway/amm`` takes and answers. Base and quote are the pool's own, as pool-info tells them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, Field

from aviary_common.models import Amount, DecimalNumber, DecimalText, Tolerant, aliases, example
from aviary_gateway_proxy.clmm.record import EventType, PositionStatus
from aviary_gateway_proxy.history import AnyCaseAddress, HistoryFilter
from aviary_gateway_proxy.swaps.schemas import Slippage, any_case
from aviary_gateway_proxy.transactions.record import Transaction
from aviary_gateway_proxy.transactions.schemas import told_status
from aviary_gateway_proxy.transactions.states import TxState, TxStatus


class OnNetwork(Tolerant):
    connector: str
    network: str
    chain: str | None = None


class WalletAsked(OnNetwork):
    model_config = example(
        {
            "connector": "uniswap",
            "network": "ethereum-mainnet",
            "wallet_address": "0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B",
        }
    )

    wallet_address: str | None = aliases("wallet_address", "address", "walletAddress", default=None)


class PoolAsked(OnNetwork):
    pool_address: str = aliases("pool_address", "poolAddress")


class ShareAsked(WalletAsked):
    pool_address: str = aliases("pool_address", "poolAddress")


class LiquidityQuoteAsked(PoolAsked):
    model_config = example(
        {
            "connector": "uniswap",
            "network": "ethereum-mainnet",
            "pool_address": "0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640",
            "base_token_amount": "0.01",
            "quote_token_amount": "30",
        }
    )

    base_token_amount: Amount = aliases("base_token_amount", "baseTokenAmount")
    quote_token_amount: Amount = aliases("quote_token_amount", "quoteTokenAmount")
    slippage_pct: Slippage | None = aliases("slippage_pct", "slippagePct", default=None)


class AddLiquidityAsked(ShareAsked):
    model_config = example(
        {
            "connector": "uniswap",
            "network": "ethereum-mainnet",
            "pool_address": "0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640",
            "base_token_amount": "0.01",
            "quote_token_amount": "30",
            "slippage_pct": "1",
        }
    )

    base_token_amount: Amount = aliases("base_token_amount", "baseTokenAmount")
    quote_token_amount: Amount = aliases("quote_token_amount", "quoteTokenAmount")
    slippage_pct: Slippage | None = aliases("slippage_pct", "slippagePct", default=None)


class RemoveLiquidityAsked(ShareAsked):
    model_config = example(
        {
            "connector": "uniswap",
            "network": "ethereum-mainnet",
            "pool_address": "0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640",
            "percentage_to_remove": "50",
        }
    )

    percentage: Annotated[Decimal, Field(gt=0, le=100, allow_inf_nan=False)] = aliases(
        "percentage_to_remove", "percentage", "percentageToRemove"
    )
    slippage_pct: Slippage | None = aliases("slippage_pct", "slippagePct", default=None)


class AmmPool(BaseModel):
    address: str
    base_token_address: str
    quote_token_address: str
    base: str
    quote: str
    trading_pair: str
    fee_pct: DecimalText | None
    price: DecimalText
    base_token_amount: DecimalText
    quote_token_amount: DecimalText


class AmmShare(BaseModel):
    pool_address: str
    wallet_address: str
    base_token_address: str
    quote_token_address: str
    base: str
    quote: str
    trading_pair: str
    lp_token_amount: DecimalText
    base_token_amount: DecimalText
    quote_token_amount: DecimalText
    price: DecimalText


class LiquidityQuote(BaseModel):
    base_limited: bool
    base_token_amount: DecimalText
    quote_token_amount: DecimalText
    base_token_amount_max: DecimalText
    quote_token_amount_max: DecimalText


class ShareChanged(BaseModel):
    """``status`` is ``submitted``, or ``unknown`` (with HTTP 202) while it is being found out what has happened: follow
    it at ``/gateway/transactions/{transaction_id}``."""

    transaction_hash: str | None
    transaction_id: str
    pool_address: str
    status: str
    state: TxState

    @classmethod
    def of(cls, transaction: Transaction) -> Self:
        return cls(
            transaction_hash=transaction.hash,
            transaction_id=str(transaction.id),
            pool_address=transaction.about["pool_address"],
            status=told_status(transaction),
            state=transaction.state,
        )


class ShareFilter(HistoryFilter):
    model_config = example({"network": "ethereum-mainnet", "status": "OPEN", "limit": 50})

    pool_address: AnyCaseAddress | None = aliases("pool_address", "poolAddress", default=None)
    status: Annotated[PositionStatus, BeforeValidator(any_case)] | None = None


class AmmEventFilter(HistoryFilter):
    model_config = example({"network": "ethereum-mainnet", "limit": 50})

    pool_address: AnyCaseAddress | None = aliases("pool_address", "poolAddress", default=None)
    event_type: Annotated[EventType, BeforeValidator(any_case)] | None = None
    status: Annotated[TxStatus, BeforeValidator(any_case)] | None = None


class ShareOut(BaseModel):
    """What was put into a pool and taken out of it through Aviary."""

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
    deposited_base_amount: DecimalNumber
    deposited_quote_amount: DecimalNumber
    withdrawn_base_amount: DecimalNumber
    withdrawn_quote_amount: DecimalNumber
    last_updated: datetime


class AmmEvent(BaseModel):
    transaction_hash: str | None
    timestamp: datetime
    event_type: EventType
    network: str
    connector: str
    wallet_address: str
    pool_address: str
    trading_pair: str
    base_token_amount: DecimalNumber | None
    quote_token_amount: DecimalNumber | None
    gas_fee: DecimalNumber | None
    gas_token: str | None
    status: TxStatus
    state: TxState
    error_message: str | None
