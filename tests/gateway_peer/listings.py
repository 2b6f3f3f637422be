"""The tokens and pools that Gateway has in its lists, which are not what exists on chain."""

from dataclasses import asdict, dataclass, field
from typing import Final

from tests.gateway_peer.chain.tokens import NATIVE, SOL, SOLANA_USDC, USDC, WETH, Token
from tests.gateway_peer.config import CHAINS
from tests.gateway_peer.networks import EVM_NETWORKS, LISTED, WETH_USDC_POOL

_CHAIN_IDS: Final = {("ethereum", each.name): each.chain_id for each in EVM_NETWORKS} | {
    ("solana", "mainnet-beta"): 101,
    ("solana", "devnet"): 103,
}


@dataclass(frozen=True)
class StoredPool:
    connector: str
    type: str
    network: str
    base_symbol: str
    quote_symbol: str
    base_address: str
    quote_address: str
    fee_pct: float
    address: str

    def pairs(self, base: str, quote: str) -> bool:
        return {self.base_symbol.upper(), self.quote_symbol.upper()} == {base.upper(), quote.upper()}

    def view(self) -> dict[str, object]:
        return {
            "type": self.type,
            "network": self.network,
            "baseSymbol": self.base_symbol,
            "quoteSymbol": self.quote_symbol,
            "baseTokenAddress": self.base_address,
            "quoteTokenAddress": self.quote_address,
            "feePct": self.fee_pct,
            "address": self.address,
        }


def _shipped_tokens() -> dict[tuple[str, str], list[Token]]:
    listed = {("ethereum", each.name): list(LISTED.get(each.name, (each.wrapped,))) for each in EVM_NETWORKS}
    return listed | {("solana", name): [SOL, SOLANA_USDC] for name in CHAINS["solana"]}


def _shipped_pools() -> list[StoredPool]:
    """One pool, whose addresses stand the other way round than its symbols."""
    return [StoredPool("uniswap", "clmm", "mainnet", "WETH", "USDC", USDC.address, WETH.address, 0.05, WETH_USDC_POOL)]


@dataclass
class Listings:
    tokens: dict[tuple[str, str], list[Token]] = field(default_factory=_shipped_tokens)
    pools: list[StoredPool] = field(default_factory=_shipped_pools)

    def token(self, chain: str, network: str, text: str) -> Token | None:
        """By symbol or address."""
        wanted = text.lower()
        listed = self.tokens.get((chain, network), [])
        return next((each for each in listed if wanted in (each.symbol.lower(), each.key)), None)

    def add_token(self, chain: str, network: str, token: Token) -> None:
        self.remove_token(chain, network, token.address)
        self.tokens[(chain, network)].append(token)

    def remove_token(self, chain: str, network: str, address: str) -> bool:
        """Whether it was there."""
        listed = self.tokens[(chain, network)]
        left = [each for each in listed if each.key != address.lower()]
        self.tokens[(chain, network)] = left
        return len(left) < len(listed)

    def stored(self, connector: str, network: str | None = None, kind: str | None = None) -> list[StoredPool]:
        return [
            each
            for each in self.pools
            if each.connector == connector and network in (None, each.network) and kind in (None, each.type)
        ]

    def add_pool(self, pool: StoredPool) -> None:
        self.remove_pool(pool.connector, pool.network, pool.address)
        self.pools.append(pool)

    def remove_pool(self, connector: str, network: str, address: str) -> bool:
        """Whether it was there."""
        left = [
            each
            for each in self.pools
            if (each.connector, each.network, each.address.lower()) != (connector, network, address.lower())
        ]
        found = len(left) < len(self.pools)
        self.pools = left
        return found


def token_view(chain: str, network: str, token: Token) -> dict[str, object]:
    return {"chainId": _CHAIN_IDS[(chain, network)], **asdict(token)}


def native(symbol: str) -> Token:
    return Token(symbol, symbol, NATIVE, 18)
