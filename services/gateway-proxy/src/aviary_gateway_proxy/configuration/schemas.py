"""What the configuration routes take and answer."""

from typing import Any, Final, Self

from pydantic import BaseModel, Field

from aviary_common.models import DecimalNumber, Tolerant, aliases, example
from aviary_gateway_proxy.configuration.pool_list import ListedPool
from aviary_gateway_proxy.configuration.tokens import Token
from aviary_gateway_proxy.directory import Connector
from aviary_gateway_proxy.names import NetworkId

RESTART: Final = "POST /gateway/restart"
Settings = dict[str, Any]
"""Gateway's settings, whatever it has."""


class ConnectorOut(BaseModel):
    name: str
    trading_types: list[str]
    chain: str
    networks: list[str]

    @classmethod
    def of(cls, told: Connector) -> Self:
        return cls(
            name=told.name, trading_types=list(told.trading_types), chain=told.chain, networks=list(told.networks)
        )


class ConnectorsOut(BaseModel):
    connectors: list[ConnectorOut]


class ChainOut(BaseModel):
    chain: str
    networks: list[str]


class ChainsOut(BaseModel):
    chains: list[ChainOut]


class NetworkOut(BaseModel):
    network_id: str
    chain: str
    network: str

    @classmethod
    def of(cls, where: NetworkId) -> Self:
        return cls(network_id=str(where), chain=where.chain, network=where.network)


class NetworksOut(BaseModel):
    networks: list[NetworkOut]
    count: int


class SettingsChanged(BaseModel):
    """``results`` names each setting that was written; they take effect once Gateway has been restarted."""

    success: bool = True
    message: str
    restart_required: bool
    restart_endpoint: str = RESTART
    results: list[dict[str, str]]

    @classmethod
    def of(cls, namespace: str, written: list[str]) -> Self:
        told = f"Written to {namespace}: {', '.join(written)}." if written else f"Nothing in {namespace} was changed."
        results = [{"namespace": namespace, "path": path, "message": "written"} for path in written]
        return cls(message=told, restart_required=bool(written), results=results)


class ApiKeysIn(BaseModel):
    model_config = example({"api_keys": {"infura": "the-key-of-your-account"}})

    api_keys: dict[str, str] = aliases("api_keys", "apiKeys", min_length=1)


class ApiKeysChanged(BaseModel):
    success: bool = True
    message: str
    restart_required: bool
    restart_endpoint: str = RESTART
    updated_keys: list[str]

    @classmethod
    def of(cls, written: list[str]) -> Self:
        told = f"Keys written of {', '.join(written)}." if written else "No key was changed."
        return cls(message=told, restart_required=bool(written), updated_keys=written)


class TokenOut(BaseModel):
    symbol: str
    name: str
    address: str
    decimals: int

    @classmethod
    def of(cls, token: Token) -> Self:
        return cls(symbol=token.symbol, name=token.name, address=token.address, decimals=token.decimals)


class TokensOut(BaseModel):
    tokens: list[TokenOut]
    network_id: str
    count: int


class TokenFound(BaseModel):
    token: TokenOut
    network_id: str


class TokenIn(Tolerant):
    model_config = example(
        {
            "address": "0x6B175474E89094C44Da98b954EedeAC495271d0F",
            "symbol": "DAI",
            "name": "Dai Stablecoin",
            "decimals": 18,
        }
    )

    address: str
    symbol: str = Field(min_length=1, max_length=64)
    name: str | None = None
    decimals: int = Field(ge=0, le=255)


class TokenChanged(BaseModel):
    success: bool = True
    message: str
    token: dict[str, Any]
    restart_required: bool = True
    restart_endpoint: str = RESTART


class TokenRemoved(BaseModel):
    success: bool = True
    message: str
    token_address: str
    network_id: str
    restart_required: bool = True
    restart_endpoint: str = RESTART


class PoolOut(BaseModel):
    """``connector`` and ``network_id`` say where it is, beside Gateway's own bare ``network``."""

    type: str
    network: str
    base: str
    quote: str
    trading_pair: str
    base_token_address: str | None
    quote_token_address: str | None
    fee_pct: DecimalNumber | None
    address: str
    connector: str
    network_id: str

    @classmethod
    def of(cls, pool: ListedPool) -> Self:
        return cls(
            **vars(pool) | {"network": pool.where.network, "network_id": str(pool.where)}, trading_pair=pool.pair
        )


class PoolsOut(BaseModel):
    pools: list[PoolOut]
    count: int
    network_id: str


class PoolIn(Tolerant):
    """Symbols, addresses and the fee may be left out: then they are looked up on chain."""

    model_config = example(
        {
            "connector_name": "uniswap",
            "type": "clmm",
            "address": "0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640",
            "base": "USDC",
            "quote": "WETH",
        }
    )

    connector_name: str = aliases("connector_name", "connector")
    type: str = aliases("type", "pool_type")
    network: str | None = None
    address: str = aliases("address", "pool_address")
    base: str | None = aliases("base", "base_symbol", "baseSymbol", default=None)
    quote: str | None = aliases("quote", "quote_symbol", "quoteSymbol", default=None)
    base_address: str | None = aliases("base_address", "base_token_address", "baseTokenAddress", default=None)
    quote_address: str | None = aliases("quote_address", "quote_token_address", "quoteTokenAddress", default=None)
    fee_pct: DecimalNumber | None = aliases("fee_pct", "feePct", default=None, ge=0, lt=100)


class PoolChanged(BaseModel):
    success: bool = True
    message: str
    pool: dict[str, Any]
    network_id: str
    tokens_added: list[str] = []
    restart_required: bool = False


class PoolRemoved(BaseModel):
    success: bool = True
    message: str
    pool_address: str
    network_id: str
