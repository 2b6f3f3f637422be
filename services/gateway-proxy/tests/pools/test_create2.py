import pytest

from aviary_gateway_proxy.pools.create2 import FACTORIES, pool_address
from tests.gateway_peer.chain.tokens import BASE_USDC, BASE_WETH, USDC, USDT, WETH, Token
from tests.gateway_peer.networks import (
    BASE_WETH_USDC_POOL,
    WETH_USDC_MEDIUM_POOL,
    WETH_USDC_POOL,
    WETH_USDT_MEDIUM_POOL,
    WETH_USDT_POOL,
)


@pytest.mark.parametrize(
    ("network", "pair", "fee", "address"),
    [
        ("mainnet", (WETH, USDC), 500, WETH_USDC_POOL),
        ("mainnet", (USDC, WETH), 3000, WETH_USDC_MEDIUM_POOL),
        ("mainnet", (WETH, USDT), 500, WETH_USDT_POOL),
        ("mainnet", (USDT, WETH), 3000, WETH_USDT_MEDIUM_POOL),
        ("base", (BASE_WETH, BASE_USDC), 500, BASE_WETH_USDC_POOL),
    ],
)
def test_pools_that_exist_are_where_they_are_computed(
    network: str, pair: tuple[Token, Token], fee: int, address: str
) -> None:
    factory = FACTORIES["uniswap", network]
    assert pool_address(factory, pair[0].address, pair[1].address, fee) == address
    assert pool_address(factory, pair[1].address.lower(), pair[0].address, fee) == address
