"""What the official client asks about configuration, wallets and pools, over HTTP."""

from collections.abc import AsyncIterator

import pytest
from hummingbot_api_client import HummingbotAPIClient

from aviary_testing.served import served
from tests.gateway_peer.chain.tokens import USDC, WETH
from tests.gateway_peer.networks import WETH_USDC_POOL, WETH_USDT_POOL
from tests.gateway_peer.peer import GatewayPeer

from .keys import EVM_KEY, EVM_WALLET, OTHER_EVM_KEY, OTHER_EVM_WALLET

MAINNET = "ethereum-mainnet"
LINK = "0x514910771AF9Ca656af840dff83E8264EcF986CA"


@pytest.fixture
async def client(variables: dict[str, str], peer: GatewayPeer) -> AsyncIterator[HummingbotAPIClient]:
    async with served("aviary_gateway_proxy", variables) as running:
        login = variables["AVIARY_USERNAME"], variables["AVIARY_PASSWORD"]
        async with HummingbotAPIClient(running.url, *login) as connected:
            yield connected


async def test_the_official_clients_methods(client: HummingbotAPIClient) -> None:
    await configuration(client)
    await tokens(client)
    await pools(client)
    await wallets(client)


async def configuration(client: HummingbotAPIClient) -> None:
    gateway = client.gateway
    assert "uniswap" in {each["name"] for each in (await gateway.list_connectors())["connectors"]}
    assert (await gateway.update_connector_config("uniswap", {"slippage_pct": 0.5}))["restart_required"]
    assert (await gateway.get_connector_config("uniswap"))["slippage_pct"] == 0.5
    assert {each["chain"] for each in (await gateway.list_chains())["chains"]} == {"ethereum", "solana"}
    assert (await gateway.list_networks())["count"] == 11
    assert (await gateway.get_network_config(MAINNET))["chain_id"] == 1
    assert (await gateway.update_network_config(MAINNET, {"node_url": "https://rpc.example/key"}))["success"]
    assert (await gateway.update_api_keys({"infura": "a-key"}))["updated_keys"] == ["infura"]
    assert (await gateway.get_api_keys())["infura"] == "***"


async def tokens(client: HummingbotAPIClient) -> None:
    gateway = client.gateway
    assert (await gateway.get_network_tokens(MAINNET, search="usd"))["count"] == 2
    assert (await gateway.add_token(MAINNET, LINK, "LINK", 18))["token"]["network_id"] == MAINNET
    assert (await gateway.delete_token(MAINNET, LINK))["token_address"] == LINK


async def pools(client: HummingbotAPIClient) -> None:
    gateway = client.gateway
    assert (await gateway.list_pools("uniswap", "mainnet"))[0]["trading_pair"] == "WETH-USDC"
    assert (await gateway.get_network_pools(MAINNET, pool_type="CLMM"))["count"] == 1
    added = await gateway.add_network_pool(MAINNET, "uniswap", "clmm", WETH_USDT_POOL)
    assert added["pool"]["trading_pair"] == "WETH-USDT"
    removed = await gateway.delete_network_pool(MAINNET, WETH_USDT_POOL, pool_type="clmm")
    assert removed["pool_address"] == WETH_USDT_POOL
    saved = await gateway.save_network_pool(MAINNET, WETH_USDT_POOL, connector="uniswap", type="clmm")
    assert saved["pool"]["trading_pair"] == "WETH-USDT"
    offered = await client.gateway_clmm.get_pools("uniswap", network="mainnet", search_term="USDC")
    assert offered["pools"][0]["mint_x"] == WETH.address
    info = await client.gateway_clmm.get_pool_info("uniswap", "mainnet", WETH_USDC_POOL, bin_count=5)
    assert (info["base_token_address"], float(info["price"])) == (USDC.address, 0.0005)


async def wallets(client: HummingbotAPIClient) -> None:
    accounts = client.accounts
    assert (await accounts.add_gateway_wallet("ethereum", EVM_KEY))["address"] == EVM_WALLET
    assert (await accounts.add_gateway_wallet("ethereum", OTHER_EVM_KEY))["address"] == OTHER_EVM_WALLET
    assert (await accounts.set_default_gateway_wallet("ethereum", EVM_WALLET))["success"]
    told = {each["chain"]: each for each in await accounts.list_gateway_wallets()}
    assert told["ethereum"]["walletAddresses"] == [EVM_WALLET, OTHER_EVM_WALLET]
    assert told["ethereum"]["default_address"] == EVM_WALLET
    assert (await accounts.remove_gateway_wallet("ethereum", EVM_WALLET))["success"]
