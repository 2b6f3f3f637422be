from typing import Any

from tests.gateway_peer.peer import GatewayPeer
from tests.gateway_peer.tests.asking import Asker


async def test_health_and_version(gateway: Asker) -> None:
    assert await gateway.get("/") == {"status": "ok"}
    assert (await gateway.get("/docs/json"))["info"]["version"] == "2.13.0"


async def test_chains_connectors_and_namespaces(gateway: Asker) -> None:
    chains = {each["chain"]: each["networks"] for each in (await gateway.get("/config/chains"))["chains"]}
    connectors = (await gateway.get("/config/connectors"))["connectors"]
    assert len(chains["ethereum"]) == 9
    assert set(chains["solana"]) == {"mainnet-beta", "devnet"}
    assert {each["name"] for each in connectors} == {
        "jupiter", "meteora", "raydium", "uniswap", "0x", "pancakeswap", "pancakeswap-sol", "orca",
    }  # fmt: skip
    assert all(set(each) == {"name", "trading_types", "chain", "networks"} for each in connectors)
    assert len((await gateway.get("/config/namespaces"))["namespaces"]) == 23


async def test_a_networks_settings_come_with_its_chains(gateway: Asker) -> None:
    network = await gateway.get("/config", namespace="ethereum-mainnet")
    assert network["chainID"] == 1
    assert network["defaultNetwork"] == "mainnet"
    assert "server" in await gateway.get("/config")
    assert "not found" in await gateway.get_refused(404, "/config", namespace="nothing")


async def test_an_update_is_checked_against_the_schema(gateway: Asker) -> None:
    told = {"namespace": "uniswap", "path": "slippagePct"}
    assert "message" in await gateway.post("/config/update", **told, value="3.5")
    assert (await gateway.get("/config", namespace="uniswap"))["slippagePct"] == 3.5
    await gateway.post_refused(400, "/config/update", **told, value="much")
    await gateway.post_refused(400, "/config/update", namespace="uniswap", path="unknown", value=1)
    await gateway.post_refused(404, "/config/update", namespace="nothing", path="x", value=1)


async def test_unknown_routes_and_bad_fields_have_gateways_words(gateway: Asker) -> None:
    assert await gateway.get_refused(404, "/logs") == "Route GET:/logs not found"
    assert await gateway.get_refused(404, "/restart") == "Route GET:/restart not found"
    answer = await gateway.client.post("/chains/ethereum/poll", json={"network": "mainnet"})
    body: dict[str, Any] = answer.json()
    assert answer.status_code == 400
    assert body["error"] == "Bad Request"
    assert body["message"] == "body must have required property 'signature'"
    assert body["validation"][0]["keyword"] == "required"
    assert body["code"] == "FST_ERR_VALIDATION"


async def test_tokens_are_listed_found_added_and_removed(gateway: Asker) -> None:
    place = {"chain": "ethereum", "network": "mainnet"}
    listed = (await gateway.get("/tokens", **place))["tokens"]
    assert set(listed[0]) == {"chainId", "name", "symbol", "address", "decimals"}
    assert [each["symbol"] for each in (await gateway.get("/tokens", **place, search="usdc"))["tokens"]] == ["USDC"]
    token = {"address": "0x" + "1" * 40, "symbol": "ONE", "name": "One", "decimals": 8}
    await gateway.post("/tokens", **place, token=token)
    found = await gateway.get("/tokens/ONE", **place)
    assert (found["token"]["decimals"], found["chain"], found["network"]) == (8, "ethereum", "mainnet")
    await gateway.delete(f"/tokens/{token['address']}", **place)
    await gateway.get_refused(404, "/tokens/ONE", **place)
    await gateway.get_refused(500, "/tokens/find/0x1", chainNetwork="ethereum-mainnet")
    await gateway.post_refused(500, "/tokens/save/0x1?chainNetwork=ethereum-mainnet")


async def test_trap_15_the_one_shipped_pool_has_its_addresses_the_other_way_round(gateway: Asker) -> None:
    [pool] = await gateway.get("/pools", connector="uniswap", network="mainnet", type="clmm")
    weth = (await gateway.get("/tokens/WETH", chain="ethereum", network="mainnet"))["token"]["address"]
    assert (pool["baseSymbol"], pool["quoteTokenAddress"]) == ("WETH", weth)
    assert await gateway.get("/pools/WETH-USDC", connector="uniswap", network="mainnet", type="clmm") == pool
    assert await gateway.get("/pools/find", chainNetwork="ethereum-mainnet") == []
    await gateway.get_refused(400, "/pools", connector="nobody")


async def test_an_added_pool_gets_its_fee_and_order_from_the_chain(peer: GatewayPeer, gateway: Asker) -> None:
    told = {
        "connector": "uniswap", "type": "clmm", "network": "mainnet",
        "address": "0x11b815efB8f581194ae79006d24E0d814B7697F6", "baseSymbol": "USDT", "quoteSymbol": "WETH",
        "baseTokenAddress": "0xdAC17F958D2ee523a2206206994597C13D831ec7",
        "quoteTokenAddress": "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2",
    }  # fmt: skip
    await peer.links(gateway="error")
    await gateway.post_refused(404, "/pools", **told)
    await peer.links(gateway="alive")
    await gateway.post("/pools", **told)
    pool = await gateway.get("/pools/WETH-USDT", connector="uniswap", network="mainnet", type="clmm")
    assert (pool["feePct"], pool["baseTokenAddress"]) == (0.05, told["quoteTokenAddress"])
    query = {"connector": "uniswap", "network": "mainnet", "type": "clmm"}
    await gateway.delete(f"/pools/{told['address']}", **query)
    await gateway.get_refused(404, "/pools/WETH-USDT", **query)
