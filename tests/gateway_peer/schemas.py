"""What Gateway's routes take: numbers may come as text, names are in camel case, what nobody knows is ignored."""

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Side = Literal["BUY", "SELL"]


class Body(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, coerce_numbers_to_str=True)


class OnNetwork(Body):
    network: str = "mainnet"


class Balances(OnNetwork):
    address: str | None = None
    tokens: list[str] = []


class Poll(OnNetwork):
    signature: str


class Allowances(OnNetwork):
    address: str | None = None
    spender: str
    tokens: list[str]


class Approve(OnNetwork):
    address: str | None = None
    spender: str
    token: str
    amount: str | None = None


class Wrap(OnNetwork):
    address: str | None = None
    amount: str


class QuoteSwap(OnNetwork):
    base_token: str
    quote_token: str
    amount: Decimal
    side: Side
    slippage_pct: Decimal | None = None
    wallet_address: str | None = None
    pool_address: str | None = None


class QuotePoolSwap(OnNetwork):
    """In one pool: by its address, or by a pair of Gateway's list."""

    base_token: str
    quote_token: str | None = None
    amount: Decimal
    side: Side
    slippage_pct: Decimal | None = None
    pool_address: str | None = None


class ExecuteSwap(OnNetwork):
    wallet_address: str | None = None
    base_token: str
    quote_token: str
    amount: Decimal
    side: Side
    slippage_pct: Decimal | None = None
    pool_address: str | None = None


class ExecuteQuote(OnNetwork):
    wallet_address: str | None = None
    quote_id: str


class PoolAsked(OnNetwork):
    pool_address: str


class PositionAsked(OnNetwork):
    position_address: str
    wallet_address: str | None = None


class WalletAsked(OnNetwork):
    wallet_address: str | None = None
    pool_address: str | None = None


class QuotePosition(OnNetwork):
    pool_address: str
    lower_price: Decimal
    upper_price: Decimal
    base_token_amount: Decimal | None = None
    quote_token_amount: Decimal | None = None
    slippage_pct: Decimal | None = None


class OpenPosition(QuotePosition):
    wallet_address: str | None = None


class AddLiquidity(PositionAsked):
    base_token_amount: Decimal = Decimal(0)
    quote_token_amount: Decimal = Decimal(0)
    slippage_pct: Decimal | None = None


class RemoveLiquidity(PositionAsked):
    percentage_to_remove: float = Field(ge=0, le=100)


class PairLiquidity(OnNetwork):
    pool_address: str
    wallet_address: str | None = None
    base_token_amount: Decimal
    quote_token_amount: Decimal
    slippage_pct: Decimal | None = None


class RemovePairLiquidity(OnNetwork):
    pool_address: str
    wallet_address: str | None = None
    percentage_to_remove: Decimal = Field(ge=0, le=100)


class AddWallet(Body):
    chain: str
    private_key: str
    set_default: bool = False


class CreateWallet(Body):
    chain: str
    set_default: bool = False


class WalletNamed(Body):
    chain: str
    address: str


class UpdateConfig(Body):
    namespace: str
    path: str
    value: str | int | float | bool | list[str] | None


class TokenToAdd(Body):
    address: str
    symbol: str
    name: str
    decimals: int = Field(ge=0, le=255)


class AddToken(Body):
    chain: str
    network: str
    token: TokenToAdd


class AddPool(Body):
    connector: str
    type: Literal["amm", "clmm"]
    network: str
    address: str
    base_symbol: str
    quote_symbol: str
    base_token_address: str
    quote_token_address: str
    fee_pct: float | None = None
