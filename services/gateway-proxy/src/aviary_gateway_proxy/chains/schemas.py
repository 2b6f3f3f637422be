"""What ``/chains`` takes and answers: Gateway's own names, for these routes mirror Gateway's."""

from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from aviary_common.models import Amount, DecimalNumber, Tolerant, aliases, example
from aviary_gateway_proxy.names import as_json
from aviary_gateway_proxy.transactions.record import Transaction
from aviary_gateway_proxy.transactions.states import TxState


def _names(value: object) -> object:
    """A list, or text with commas."""
    if value is None:
        return []
    return [each.strip() for each in value.split(",") if each.strip()] if isinstance(value, str) else value


def _empty_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Allowance = Annotated[Decimal, Field(ge=0, allow_inf_nan=False, max_digits=78)]
TokenNames = Annotated[list[str], BeforeValidator(_names), Field(max_length=200)]


class OnNetwork(Tolerant):
    """``network`` alone or as ``chain-network``; without it the chain's default one."""

    chain: str | None = None
    network: str | None = None


class OfWallet(OnNetwork):
    """Without an address the chain's default wallet."""

    address: str | None = aliases("address", "wallet_address", "walletAddress", default=None)


class BalancesAsked(OfWallet):
    """Without tokens: all listed ones that the wallet holds."""

    model_config = example(
        {"network": "mainnet", "address": "0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B", "tokenSymbols": ["ETH", "USDC"]}
    )

    tokens: TokenNames = aliases("tokenSymbols", "token_symbols", "tokens", default=[])


class AllowancesAsked(OfWallet):
    """``spender``: an address, or a connector with a type, such as ``uniswap/router``. Without tokens: all listed."""

    model_config = example(
        {
            "network": "mainnet",
            "address": "0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B",
            "spender": "uniswap/router",
            "tokenSymbols": ["USDC"],
        }
    )

    spender: str
    tokens: TokenNames = aliases("tokenSymbols", "token_symbols", "tokens", default=[])


class PollAsked(OnNetwork):
    model_config = example(
        {"network": "mainnet", "txHash": "0xabababababababababababababababababababababababababababababababab"}
    )

    transaction: str = aliases("txHash", "tx_hash", "signature", "transaction_hash", "hash")
    wallet_address: str | None = aliases("wallet_address", "walletAddress", "address", default=None)
    tokens: TokenNames = aliases("tokenSymbols", "token_symbols", "tokens", default=[])


class ApproveAsked(OfWallet):
    """Without an amount the allowance has no limit; 0 takes it back."""

    model_config = example(
        {
            "network": "mainnet",
            "address": "0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B",
            "spender": "uniswap/router",
            "token": "USDC",
            "amount": "100",
        }
    )

    spender: str
    token: str
    amount: Annotated[Allowance | None, BeforeValidator(_empty_is_none)] = None


class WrapAsked(OfWallet):
    model_config = example(
        {"network": "mainnet", "address": "0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B", "amount": "0.1"}
    )

    amount: Amount


class Told(BaseModel):
    """Gateway's fields under Gateway's names; what it adds is passed on."""

    model_config = ConfigDict(extra="allow", alias_generator=to_camel, populate_by_name=True)


class ChainStatusOut(Told):
    """``rpcUrl`` without what follows its host, which may be a provider's key."""

    chain: str
    network: str
    rpc_url: str | None = None
    rpc_provider: str | None = None
    current_block_number: int
    native_currency: str
    swap_provider: str | None = None


class GasOut(Told):
    fee_per_compute_unit: DecimalNumber
    denomination: str
    compute_units: int
    fee_asset: str
    fee: DecimalNumber
    timestamp: int


class BalancesOut(BaseModel):
    balances: dict[str, DecimalNumber]


class AllowancesOut(BaseModel):
    """Allowances in whole tokens, as text with all digits."""

    spender: str
    approvals: dict[str, str]


class PollOut(Told):
    """``txStatus``: 1 confirmed, 0 pending, -1 failed or unknown to the node; ``error`` says which."""

    current_block: int
    signature: str
    tx_hash: str
    tx_block: int | None = None
    tx_status: int
    fee: DecimalNumber | None = None
    tx_data: dict[str, Any] | None = None
    error: str | None = None


class SentOut(BaseModel):
    """As Gateway tells it: ``status`` 1 confirmed, 0 on its way. Without a signature it is being found out what has
    happened (HTTP 202), or nothing was necessary; ``state`` says which."""

    signature: str | None
    status: int
    data: dict[str, Any] | None = None
    state: TxState
    transaction_id: str

    @classmethod
    def of(cls, transaction: Transaction) -> Self:
        return cls(
            signature=transaction.hash,
            status=1 if transaction.state is TxState.CONFIRMED else 0,
            data=as_json(transaction.result) if transaction.result else None,
            state=transaction.state,
            transaction_id=str(transaction.id),
        )
