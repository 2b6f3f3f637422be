"""``/chains``: what Gateway says, unless its node is dead."""

import httpx
import pytest

from tests.gateway_peer.chain.network import Link
from tests.gateway_peer.chain.tokens import DAI, USDC, WETH
from tests.gateway_peer.peer import GatewayPeer

from ..keys import EVM_WALLET, OTHER_EVM_WALLET, SOLANA_WALLET

HASH = "0x" + "ab" * 32
SIGNATURE = "5" * 87


@pytest.mark.parametrize("query", [{}, {"network": "mainnet"}, {"network": "ethereum-mainnet"}])
async def test_a_status_shows_the_nodes_host_only(
    api: httpx.AsyncClient, peer: GatewayPeer, query: dict[str, str]
) -> None:
    told = (await api.get("/chains/ethereum/status", params=query)).json()
    assert (told["chain"], told["network"], told["nativeCurrency"]) == ("ethereum", "mainnet", "ETH")
    assert told["currentBlockNumber"] == 20_000_000
    assert told["rpcUrl"] == f"http://127.0.0.1:{peer.node_port}/***"
    assert set(told) == {
        "chain",
        "network",
        "rpcUrl",
        "rpcProvider",
        "currentBlockNumber",
        "nativeCurrency",
        "swapProvider",
    }


async def test_the_default_network_is_gateways(api: httpx.AsyncClient) -> None:
    await api.post("/gateway/networks/ethereum-mainnet", json={"default_network": "base"})
    assert (await api.get("/chains/ethereum/status")).json()["network"] == "base"


async def test_gas_is_estimated(api: httpx.AsyncClient) -> None:
    told = (await api.get("/chains/ethereum/estimate-gas", params={"network": "mainnet"})).json()
    assert (told["feePerComputeUnit"], told["denomination"], told["feeAsset"]) == (2.0, "gwei", "ETH")
    assert told["fee"] == 0.0006
    assert isinstance(told["timestamp"], int)


@pytest.mark.parametrize(
    "form",
    [
        {"tokenSymbols": ["USDC", "DAI", "ETH"]},
        {"token_symbols": ["usdc", "dai", "eth"]},
        {"tokens": [USDC.address, DAI.address.lower(), "ETH"]},
        {"tokenSymbols": "USDC, DAI, ETH"},
    ],
)
async def test_balances_of_some_tokens(
    api: httpx.AsyncClient, peer: GatewayPeer, wallet: str, form: dict[str, object]
) -> None:
    await peer.fund(wallet, "USDC", "250.5")
    await peer.fund(wallet, "ETH", 2)
    body = {"chain": "ethereum", "network": "mainnet", "address": wallet.lower()} | form
    told = (await api.post("/chains/ethereum/balances", json=body)).json()
    assert told == {"balances": {"USDC": 250.5, "DAI": 0.0, "ETH": 2.0}}
    sent = (await peer.requests("/chains/ethereum/balances"))[-1]["body"]
    assert sent == {"network": "mainnet", "address": wallet, "tokens": ["USDC", "DAI", "ETH"]}


async def test_balances_of_all_tokens_of_the_default_wallet(
    api: httpx.AsyncClient, peer: GatewayPeer, wallet: str
) -> None:
    await peer.fund(wallet, "WETH", 1)
    told = (await api.post("/chains/ethereum/balances", json={})).json()
    assert told["balances"] == {"ETH": 0.0, "WETH": 1.0}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"tokenSymbols": ["USDC", "NOPE"]}, 404, "unknown_token"),
        ({"tokens": ["0x514910771AF9Ca656af840dff83E8264EcF986CA"]}, 404, "unknown_token"),
        ({"address": "0x12"}, 422, "malformed_address"),
        ({"address": EVM_WALLET.swapcase()}, 422, "malformed_address"),
        ({"address": SOLANA_WALLET}, 422, "malformed_address"),
        ({"address": OTHER_EVM_WALLET}, 404, "unknown_wallet"),
        ({"network": "mainet"}, 404, "unknown_network"),
        ({"network": "mainnet-beta"}, 404, "unknown_network"),
        ({"chain": "solana"}, 422, "other_chain"),
    ],
)
async def test_balances_that_can_not_be_asked(
    api: httpx.AsyncClient, wallet: str, body: dict[str, object], status: int, code: str
) -> None:
    refused = await api.post("/chains/ethereum/balances", json={"network": "mainnet", "address": wallet} | body)
    assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text


async def test_no_default_wallet_is_404(api: httpx.AsyncClient) -> None:
    missing = await api.post("/chains/ethereum/balances", json={})
    assert (missing.status_code, missing.json()["code"]) == (404, "no_default_wallet")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "status", None),
        ("GET", "estimate-gas", None),
        ("POST", "balances", {}),
        ("POST", "poll", {"txHash": HASH}),
        ("POST", "allowances", {"spender": "uniswap/router", "tokenSymbols": ["USDC"]}),
    ],
)
async def test_a_dead_evm_node_is_an_error_everywhere(
    api: httpx.AsyncClient, peer: GatewayPeer, wallet: str, method: str, path: str, body: object
) -> None:
    await peer.links(gateway=Link.ERROR)
    dead = await api.request(method, f"/chains/ethereum/{path}", json=body)
    assert (dead.status_code, dead.json()["code"]) == (503, "node_unreachable")
    assert "ethereum-mainnet" in dead.json()["detail"]
    assert str(peer.node_port) not in dead.text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "status", None),
        ("GET", "estimate-gas", None),
        ("POST", "balances", {"chain": "solana", "network": "mainnet-beta", "tokenSymbols": ["SOL"]}),
        ("POST", "balances", {}),
        ("POST", "poll", {"txHash": SIGNATURE}),
    ],
)
async def test_solana_offline_is_an_error_and_no_zeros(
    api: httpx.AsyncClient, wallet: str, method: str, path: str, body: object
) -> None:
    dead = await api.request(method, f"/chains/solana/{path}", json=body)
    assert (dead.status_code, dead.json()["code"]) == (503, "node_unreachable"), dead.text
    assert "solana-mainnet-beta" in dead.json()["detail"]


@pytest.mark.parametrize("name", ["txHash", "signature", "tx_hash"])
async def test_a_transaction_is_polled(api: httpx.AsyncClient, peer: GatewayPeer, wallet: str, name: str) -> None:
    await peer.fund(wallet, "ETH", 2)
    async with peer.client() as gateway:
        body = {"network": "mainnet", "address": wallet, "amount": "1"}
        sent = (await gateway.post("/chains/ethereum/wrap", json=body)).json()["signature"]
    told = (await api.post("/chains/ethereum/poll", json={"network": "mainnet", name: sent})).json()
    assert (told["txStatus"], told["signature"], told["txHash"]) == (1, sent, sent)
    assert told["txBlock"] == told["currentBlock"]
    assert told["txData"]["to"] == WETH.address


async def test_a_transaction_that_nobody_knows(api: httpx.AsyncClient) -> None:
    told = (await api.post("/chains/ethereum/poll", json={"txHash": HASH})).json()
    assert told["txStatus"] == -1
    assert "does not know" in told["error"]


@pytest.mark.parametrize("body", [{"txHash": "0x12"}, {"txHash": SIGNATURE}, {}, {"txHash": HASH, "chain": "solana"}])
async def test_a_malformed_hash_is_422(api: httpx.AsyncClient, body: dict[str, str]) -> None:
    assert (await api.post("/chains/ethereum/poll", json=body)).status_code == 422


@pytest.mark.parametrize("form", [{"tokenSymbols": ["USDC"]}, {"tokens": ["usdc"]}])
async def test_allowances(api: httpx.AsyncClient, wallet: str, form: dict[str, object]) -> None:
    body = {"network": "mainnet", "address": wallet, "spender": "uniswap/router"} | form
    told = (await api.post("/chains/ethereum/allowances", json=body)).json()
    assert told == {"spender": "0x66a9893cC07D91D95644AEDD05D03f95e1dBA8Af", "approvals": {"USDC": "0.0"}}


async def test_allowances_of_all_tokens_for_an_address(api: httpx.AsyncClient, wallet: str) -> None:
    told = (await api.post("/chains/ethereum/allowances", json={"spender": WETH.address})).json()
    assert set(told["approvals"]) == {"WETH", "USDC", "USDT", "DAI"}


@pytest.mark.parametrize(
    ("spender", "code"), [("uniswop", "unknown_spender"), ("vitalik.eth", "unknown_spender"), ("0x12", None)]
)
async def test_an_unknown_spender_is_422(api: httpx.AsyncClient, wallet: str, spender: str, code: str | None) -> None:
    refused = await api.post("/chains/ethereum/allowances", json={"spender": spender})
    assert refused.status_code == 422
    assert refused.json()["code"] == (code or "unknown_spender")
    assert "uniswap/router" in refused.json()["detail"]


async def test_one_look_at_a_node_serves_a_while(peer: GatewayPeer) -> None:
    """The budget is a hundred a minute."""
    from aviary_common.rates.budget import RateBudget
    from aviary_gateway_proxy.chains.nodes import Nodes
    from aviary_gateway_proxy.names import NetworkId
    from aviary_gateway_proxy.upstream.address import FixedAddress
    from aviary_gateway_proxy.upstream.client import Gateway
    from aviary_gateway_proxy.upstream.settings import UpstreamSettings

    settings = UpstreamSettings(gateway_url=peer.url)
    gateway = Gateway(FixedAddress(settings), RateBudget(95, window_s=60, patience_s=1), settings)
    now = [0.0]
    nodes = Nodes(gateway, seen_for_s=3, clock=lambda: now[0])
    where = NetworkId("ethereum", "mainnet")
    for moment in (0.0, 2.9, 3.0):
        now[0] = moment
        await nodes.require(where)
    assert len(await peer.requests("/chains/ethereum/status")) == 2
    await gateway.hang_up()
