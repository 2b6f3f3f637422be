"""One stand-in for all tests here; each finds it as new."""

from collections.abc import AsyncIterator

import pytest

from tests.gateway_peer.peer import GatewayPeer
from tests.gateway_peer.tests.asking import ADDRESS, PRIVATE_KEY, Asker


@pytest.fixture(scope="session")
async def running_peer(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[GatewayPeer]:
    async with GatewayPeer(tmp_path_factory.mktemp("gateway_peer")) as peer:
        yield peer


@pytest.fixture
async def peer(running_peer: GatewayPeer) -> GatewayPeer:
    await running_peer.reset()
    return running_peer


@pytest.fixture
async def gateway(peer: GatewayPeer) -> AsyncIterator[Asker]:
    async with peer.client() as client:
        yield Asker(client)


@pytest.fixture
async def wallet(peer: GatewayPeer, gateway: Asker) -> str:
    """The default wallet, with ether and tokens and without any allowance."""
    await gateway.post("/wallet/add", chain="ethereum", privateKey=PRIVATE_KEY, setDefault=True)
    for token, amount in {"ETH": 10, "WETH": 50, "USDC": 100_000, "USDT": 100_000}.items():
        await peer.fund(ADDRESS, token, amount)
    return ADDRESS
