"""The networks of Gateway's templates, and what stands on them before anybody trades."""

from dataclasses import dataclass
from typing import Final

from tests.gateway_peer.chain.network import Network
from tests.gateway_peer.chain.tokens import BASE_USDC, BASE_WETH, DAI, USDC, USDT, WETH, Token
from tests.gateway_peer.uniswap.pairs import V2Pair
from tests.gateway_peer.uniswap.pools import V3Pool, pool_at

SOLANA_NETWORKS: Final = ("devnet", "mainnet-beta")
WETH_USDC_POOL: Final = "0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640"
WETH_USDC_MEDIUM_POOL: Final = "0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8"
WETH_USDT_POOL: Final = "0x11b815efB8f581194ae79006d24E0d814B7697F6"
WETH_USDT_MEDIUM_POOL: Final = "0x4e68Ccd3E89f51C3074ca5072bbAC773960dFa36"
BASE_WETH_USDC_POOL: Final = "0xd0b53D9277642d899DF5C87A3966A349A798F224"
V2_PAIR: Final = "0xB4e16d0168e52d35CaCD2c6185b44281Ec28C9Dc"

DEEP: Final = 450_000_000_000_000_000
"""About 10,000 WETH and 20 million dollars on each side of the price."""
SHALLOW: Final = DEEP // 5


@dataclass(frozen=True)
class EvmNetwork:
    name: str
    chain_id: int
    native: str
    wrapped: Token


def _wrapped(symbol: str, address: str) -> Token:
    return Token(symbol, f"Wrapped {symbol.removeprefix('W')}", address, 18)


EVM_NETWORKS: Final = (
    EvmNetwork("arbitrum", 42161, "ETH", _wrapped("WETH", "0x82aF49447D8a07e3bd95BD0d56f35241523fBab1")),
    EvmNetwork("avalanche", 43114, "AVAX", _wrapped("WAVAX", "0xB31f66AA3C1e785363F0875A1B74E27b85FD66c7")),
    EvmNetwork("base", 8453, "ETH", BASE_WETH),
    EvmNetwork("bsc", 56, "BNB", _wrapped("WBNB", "0xbb4CdB9CBd36B01bD1cBaEBF2De08d9173bc095c")),
    EvmNetwork("celo", 42220, "CELO", _wrapped("WCELO", "0x471EcE3750Da237f93B8E339c536989b8978a438")),
    EvmNetwork("mainnet", 1, "ETH", WETH),
    EvmNetwork("optimism", 10, "ETH", BASE_WETH),
    EvmNetwork("polygon", 137, "POL", _wrapped("WPOL", "0x0d500B1d8E8eF31E21C99d1Db9A6444d3ADf1270")),
    EvmNetwork("sepolia", 11155111, "ETH", _wrapped("WETH", "0xfFf9976782d46CC05630D1f6eBAb18b2324d6B14")),
)

LISTED: Final = {"mainnet": (WETH, USDC, USDT, DAI), "base": (BASE_WETH, BASE_USDC)}
"""The tokens of a network's list, where they are more than the wrapped currency."""


def evm_networks() -> dict[str, Network]:
    """Fresh chains, by name."""
    return {each.name: _network(each) for each in EVM_NETWORKS}


def _network(told: EvmNetwork) -> Network:
    network = Network(told.name, told.chain_id, told.native, told.wrapped)
    for token in LISTED.get(told.name, (told.wrapped,)):
        network.add_contract(token)
    network.book.pools = {pool.key: pool for pool in _pools(told.name)}
    for pair in _pairs(told.name):
        network.book.pairs[pair.key] = pair
        network.add_contract(pair.share)
    return network


def _pools(network: str) -> list[V3Pool]:
    if network == "mainnet":
        return [
            pool_at(WETH_USDC_POOL, (USDC, WETH), 500, "0.0005", DEEP),
            pool_at(WETH_USDC_MEDIUM_POOL, (USDC, WETH), 3000, "0.0005", SHALLOW),
            pool_at(WETH_USDT_POOL, (WETH, USDT), 500, "2000", DEEP),
            pool_at(WETH_USDT_MEDIUM_POOL, (WETH, USDT), 3000, "2000", SHALLOW),
        ]
    if network == "base":
        return [pool_at(BASE_WETH_USDC_POOL, (BASE_WETH, BASE_USDC), 500, "2000", DEEP)]
    return []


def _pairs(network: str) -> list[V2Pair]:
    return [V2Pair(V2_PAIR, USDC, WETH, 20_000_000 * 10**6, 10_000 * 10**18)] if network == "mainnet" else []
