"""Settings of connectors and networks, and providers' keys."""

import httpx
import pytest

from tests.gateway_peer.peer import GatewayPeer

SECRET = "a-providers-own-key-0123456789"


async def test_connectors_are_listed_as_gateway_has_them(api: httpx.AsyncClient) -> None:
    connectors = (await api.get("/gateway/connectors")).json()["connectors"]
    by_name = {each["name"]: each for each in connectors}
    assert by_name["uniswap"]["trading_types"] == ["router", "amm", "clmm"]
    assert by_name["uniswap"]["chain"] == "ethereum"
    assert by_name["jupiter"]["networks"] == ["mainnet-beta", "devnet"]


async def test_chains_and_networks(api: httpx.AsyncClient) -> None:
    chains = (await api.get("/gateway/chains")).json()["chains"]
    assert {each["chain"] for each in chains} == {"ethereum", "solana"}
    found = (await api.get("/gateway/networks")).json()
    assert {"network_id": "solana-mainnet-beta", "chain": "solana", "network": "mainnet-beta"} in found["networks"]
    assert found["count"] == len(found["networks"]) == 11


async def test_a_connectors_settings_are_in_snake_case(api: httpx.AsyncClient) -> None:
    assert (await api.get("/gateway/connectors/Uniswap")).json() == {
        "slippage_pct": 2,
        "maximum_hops": 4,
        "maximum_splits": 3,
    }


@pytest.mark.parametrize("name", ["slippage_pct", "slippagePct"])
async def test_a_connectors_setting_is_written(api: httpx.AsyncClient, name: str) -> None:
    changed = (await api.post("/gateway/connectors/uniswap", json={name: 0.5})).json()
    assert changed["success"]
    assert changed["restart_required"]
    assert changed["restart_endpoint"] == "POST /gateway/restart"
    assert [each["path"] for each in changed["results"]] == ["slippagePct"]
    assert (await api.get("/gateway/connectors/uniswap")).json()["slippage_pct"] == 0.5


async def test_a_networks_settings_hide_what_follows_the_nodes_host(api: httpx.AsyncClient, peer: GatewayPeer) -> None:
    shown = (await api.get("/gateway/networks/ethereum-mainnet")).json()
    assert shown["chain_id"] == 1
    assert shown["native_currency_symbol"] == "ETH"
    assert shown["default_network"] == "mainnet"
    assert shown["node_url"] == f"http://127.0.0.1:{peer.node_port}/***"


async def test_a_new_node_is_written_and_not_echoed(api: httpx.AsyncClient, peer: GatewayPeer) -> None:
    changed = await api.post(
        "/gateway/networks/ethereum-base", json={"node_url": f"https://rpc.example/v2/{SECRET}", "price": 1}
    )
    assert changed.status_code == 400
    assert SECRET not in changed.text
    assert "Written before it: nodeURL" in changed.json()["detail"]
    told = [each["body"] for each in await peer.requests("/config/update")]
    assert told[0] == {
        "namespace": "ethereum-base",
        "path": "nodeURL",
        "value": f"https://rpc.example/v2/{SECRET}",
    }
    shown = await api.get("/gateway/networks/ethereum-base")
    assert shown.json()["node_url"] == "https://rpc.example/***"


async def test_a_chains_setting_goes_to_the_chain(api: httpx.AsyncClient, peer: GatewayPeer) -> None:
    changed = await api.post("/gateway/networks/ethereum-base", json={"default_network": "base", "priority_fee": 0.002})
    assert changed.status_code == 200
    told = [(each["body"]["namespace"], each["body"]["path"]) for each in await peer.requests("/config/update")]
    assert told == [("ethereum", "defaultNetwork"), ("ethereum-base", "priorityFee")]


async def test_a_hidden_value_that_comes_back_is_not_written(api: httpx.AsyncClient, peer: GatewayPeer) -> None:
    shown = (await api.get("/gateway/networks/ethereum-mainnet")).json()["node_url"]
    body = {"node_url": shown, "transaction_execution_timeout_ms": 20000}
    assert (await api.post("/gateway/networks/ethereum-mainnet", json=body)).status_code == 200
    assert [each["body"]["path"] for each in await peer.requests("/config/update")] == ["transactionExecutionTimeoutMs"]


async def test_a_value_that_only_looks_hidden_is_refused(api: httpx.AsyncClient, peer: GatewayPeer) -> None:
    refused = await api.post("/gateway/networks/ethereum-mainnet", json={"node_url": "https://other.example/***"})
    assert (refused.status_code, refused.json()["code"]) == (422, "hidden_value")
    assert not await peer.requests("/config/update")


async def test_keys_are_written_and_never_shown(api: httpx.AsyncClient, peer: GatewayPeer) -> None:
    assert set((await api.get("/gateway/apiKeys")).json().values()) == {""}
    changed = await api.post("/gateway/apiKeys", json={"api_keys": {"helius": SECRET}})
    assert changed.json()["updated_keys"] == ["helius"]
    assert SECRET not in changed.text
    shown = await api.get("/gateway/apiKeys")
    assert (shown.json()["helius"], shown.json()["infura"]) == ("***", "")
    again = await api.post("/gateway/apiKeys", json={"api_keys": shown.json() | {"infura": SECRET}})
    assert "infura" in again.json()["updated_keys"]
    assert "helius" not in again.json()["updated_keys"]
    assert (await peer.requests("/config/update"))[0]["body"]["value"] == SECRET


async def test_a_connectors_key_is_hidden(api: httpx.AsyncClient) -> None:
    assert (await api.post("/gateway/connectors/0x", json={"api_key": SECRET})).status_code == 200
    shown = await api.get("/gateway/connectors/0x")
    assert shown.json()["api_key"] == "***"


@pytest.mark.parametrize(
    ("path", "body", "wrong"),
    [
        ("/gateway/apiKeys", {"api_keys": {"helius": {"nested": SECRET}}}, 422),
        ("/gateway/apiKeys", {"keys": SECRET}, 422),
        ("/gateway/apiKeys", {"api_keys": {"nobody": SECRET}}, 400),
        ("/gateway/connectors/0x", [SECRET], 422),
        ("/gateway/connectors/0x", {"maximum_hops": SECRET}, 400),
        ("/gateway/connectors/0x", {"slippage_pct": SECRET}, 400),
        ("/gateway/connectors/0x", {}, 422),
    ],
)
async def test_a_refused_setting_is_not_echoed(api: httpx.AsyncClient, path: str, body: object, wrong: int) -> None:
    refused = await api.post(path, json=body)
    assert refused.status_code == wrong, refused.text
    assert SECRET not in refused.text


@pytest.mark.parametrize(
    ("path", "code", "hint"),
    [
        ("/gateway/connectors/uniswop", "unknown_connector", "uniswap"),
        ("/gateway/networks/ethereum-mainet", "unknown_network", "ethereum-mainnet"),
        ("/gateway/networks/solana-mainnet", "unknown_network", "solana-mainnet-beta"),
        ("/gateway/networks/nothing", "unknown_network", ""),
    ],
)
async def test_an_unknown_name_is_404_with_the_nearest(api: httpx.AsyncClient, path: str, code: str, hint: str) -> None:
    missing = await api.get(path)
    assert (missing.status_code, missing.json()["code"]) == (404, code)
    assert hint in missing.json()["detail"]


async def test_a_gateway_that_is_away_is_503(api: httpx.AsyncClient, peer: GatewayPeer) -> None:
    await peer.control("POST", "/gateway", up=False)
    away = await api.get("/gateway/connectors")
    assert (away.status_code, away.json()["code"]) == (503, "gateway_away")
