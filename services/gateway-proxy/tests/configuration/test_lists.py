"""Token lists and pool lists."""

import httpx
import pytest

from tests.gateway_peer.chain.network import Link
from tests.gateway_peer.chain.tokens import DAI, USDC, USDT, WETH
from tests.gateway_peer.networks import WETH_USDC_MEDIUM_POOL, WETH_USDC_POOL, WETH_USDT_POOL
from tests.gateway_peer.peer import GatewayPeer

MAINNET = "/gateway/networks/ethereum-mainnet"
LINK = "0x514910771AF9Ca656af840dff83E8264EcF986CA"


async def test_tokens_are_listed_with_their_network(api: httpx.AsyncClient) -> None:
    found = (await api.get(f"{MAINNET}/tokens")).json()
    assert found["network_id"] == "ethereum-mainnet"
    assert found["count"] == len(found["tokens"]) == 4
    assert found["tokens"][1] == {"symbol": "USDC", "name": "USD Coin", "address": USDC.address, "decimals": 6}


@pytest.mark.parametrize(("search", "symbols"), [("usd", ["USDC", "USDT"]), ("ETHER", ["WETH", "USDT"]), ("zz", [])])
async def test_tokens_are_searched_by_symbol_and_name(api: httpx.AsyncClient, search: str, symbols: list[str]) -> None:
    found = (await api.get(f"{MAINNET}/tokens", params={"search": search})).json()
    assert [each["symbol"] for each in found["tokens"]] == symbols


@pytest.mark.parametrize("text", [USDC.address, USDC.address.lower(), "usdc"])
async def test_a_token_is_found_by_address_or_symbol(api: httpx.AsyncClient, text: str) -> None:
    found = (await api.get(f"{MAINNET}/tokens/{text}")).json()
    assert found["token"]["symbol"] == "USDC"
    assert found["network_id"] == "ethereum-mainnet"


async def test_an_unknown_token_is_404_and_a_mistyped_address_422(api: httpx.AsyncClient) -> None:
    missing = await api.get(f"{MAINNET}/tokens/USDD")
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_token")
    assert "USDT" in missing.json()["detail"]
    assert (await api.get(f"{MAINNET}/tokens/{LINK}")).status_code == 404
    mistyped = await api.get(f"{MAINNET}/tokens/{USDC.address.replace('A0b', 'a0b')}")
    assert (mistyped.status_code, mistyped.json()["code"]) == (422, "malformed_address")


async def test_a_token_is_added_and_removed(api: httpx.AsyncClient, peer: GatewayPeer) -> None:
    told = {"address": LINK.lower(), "symbol": "LINK", "decimals": 18}
    added = (await api.post(f"{MAINNET}/tokens", json=told)).json()
    assert added["token"] == {"symbol": "LINK", "address": LINK, "network_id": "ethereum-mainnet"}
    assert (await peer.requests("/tokens"))[-1]["body"]["token"]["name"] == "LINK"
    assert (await api.get(f"{MAINNET}/tokens/LINK")).json()["token"]["decimals"] == 18
    removed = (await api.delete(f"{MAINNET}/tokens/{LINK}")).json()
    assert (removed["token_address"], removed["network_id"]) == (LINK, "ethereum-mainnet")
    assert (await api.delete(f"{MAINNET}/tokens/{LINK}")).status_code == 404


@pytest.mark.parametrize(
    "told",
    [
        {"address": "0x12", "symbol": "X", "decimals": 18},
        {"address": LINK, "symbol": "X", "decimals": -1},
        {"address": LINK, "decimals": 18},
    ],
)
async def test_a_malformed_token_is_422(api: httpx.AsyncClient, told: dict[str, object]) -> None:
    assert (await api.post(f"{MAINNET}/tokens", json=told)).status_code == 422


async def test_a_look_up_that_fails_is_502_and_says_what_to_do(api: httpx.AsyncClient) -> None:
    failed = await api.post(f"{MAINNET}/tokens/save/{LINK}")
    assert (failed.status_code, failed.json()["code"]) == (503, "look_up_failed")
    assert "POST /gateway/networks/ethereum-mainnet/tokens" in failed.json()["detail"]


@pytest.mark.parametrize("connector", ["connector", "connector_name"])
async def test_listed_pools_say_which_address_is_whose(api: httpx.AsyncClient, connector: str) -> None:
    """The shipped list has the addresses the other way round than the symbols."""
    found = (await api.get("/gateway/pools", params={connector: "uniswap", "network": "mainnet"})).json()
    assert found == [
        {
            "type": "clmm",
            "network": "mainnet",
            "base": "WETH",
            "quote": "USDC",
            "trading_pair": "WETH-USDC",
            "base_token_address": WETH.address,
            "quote_token_address": USDC.address,
            "fee_pct": 0.05,
            "address": WETH_USDC_POOL,
            "connector": "uniswap",
            "network_id": "ethereum-mainnet",
        }
    ]


@pytest.mark.parametrize(
    "query", [{}, {"network": "ethereum-mainnet"}, {"network": "mainnet"}, {"connector_name": "uniswap"}]
)
async def test_pools_of_all_connectors(api: httpx.AsyncClient, query: dict[str, str]) -> None:
    found = (await api.get("/gateway/pools", params=query)).json()
    assert [each["address"] for each in found] == [WETH_USDC_POOL]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 1),
        ({"search": "weth"}, 1),
        ({"search": "DAI"}, 0),
        ({"pool_type": "amm"}, 0),
        ({"connector": "pancakeswap"}, 0),
    ],
)
async def test_a_networks_pools(api: httpx.AsyncClient, query: dict[str, str], count: int) -> None:
    found = (await api.get(f"{MAINNET}/pools", params=query)).json()
    assert (found["count"], len(found["pools"]), found["network_id"]) == (count, count, "ethereum-mainnet")


async def test_a_pool_is_added_by_its_address_alone(api: httpx.AsyncClient) -> None:
    told = {"connector_name": "uniswap", "type": "clmm", "address": WETH_USDT_POOL}
    added = await api.post(f"{MAINNET}/pools", json=told)
    assert added.status_code == 200, added.text
    assert added.json()["pool"]["trading_pair"] == "WETH-USDT"
    found = (await api.get(f"{MAINNET}/pools", params={"search": "usdt"})).json()["pools"]
    assert [(each["base_token_address"], each["quote_token_address"]) for each in found] == [
        (WETH.address, USDT.address)
    ]


async def test_a_pool_is_added_as_the_pair_was_written(api: httpx.AsyncClient) -> None:
    told = {"connector_name": "uniswap", "type": "clmm", "address": WETH_USDC_MEDIUM_POOL, "base": "WETH"}
    assert (await api.post(f"{MAINNET}/pools", json=told)).json()["pool"]["trading_pair"] == "WETH-USDC"
    found = (await api.get(f"{MAINNET}/pools")).json()["pools"]
    medium = next(each for each in found if each["address"] == WETH_USDC_MEDIUM_POOL)
    assert (medium["base_token_address"], medium["fee_pct"]) == (WETH.address, 0.3)


async def test_a_pool_is_added_in_the_full_form(api: httpx.AsyncClient) -> None:
    told = {
        "connector_name": "uniswap",
        "type": "clmm",
        "network": "mainnet",
        "address": WETH_USDT_POOL,
        "base": "WETH",
        "quote": "USDT",
        "base_address": WETH.address,
        "quote_address": USDT.address,
        "fee_pct": 0.05,
    }
    assert (await api.post(f"{MAINNET}/pools", json=told)).status_code == 200


@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        ({"address": DAI.address}, 404, "unknown_pool"),
        ({"base": "DAI"}, 422, "not_in_pool"),
        ({"type": "router"}, 422, "unknown_pool_type"),
        ({"connector_name": "jupiter"}, 404, "unknown_network"),
        ({"address": "0x12"}, 422, "malformed_address"),
    ],
)
async def test_a_pool_that_there_is_not_is_refused(
    api: httpx.AsyncClient, told: dict[str, str], status: int, code: str
) -> None:
    body = {"connector_name": "uniswap", "type": "clmm", "address": WETH_USDT_POOL} | told
    refused = await api.post(f"{MAINNET}/pools", json=body)
    assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text


async def test_a_pool_can_not_be_added_without_a_node(api: httpx.AsyncClient, peer: GatewayPeer) -> None:
    await peer.links(gateway=Link.ERROR)
    told = {"connector_name": "uniswap", "type": "clmm", "address": WETH_USDT_POOL}
    refused = await api.post(f"{MAINNET}/pools", json=told)
    assert (refused.status_code, refused.json()["code"]) == (503, "node_unreachable")


async def test_a_pool_is_saved_from_the_chain_where_nobody_can_look_it_up(api: httpx.AsyncClient) -> None:
    path = f"{MAINNET}/pools/save/{WETH_USDT_POOL}"
    failed = await api.post(path)
    assert (failed.status_code, failed.json()["code"]) == (503, "look_up_failed")
    saved = (await api.post(path, params={"connector": "uniswap", "type": "clmm"})).json()
    assert (saved["pool"]["trading_pair"], saved["tokens_added"]) == ("WETH-USDT", [])


@pytest.mark.parametrize("query", [{}, {"pool_type": "clmm"}])
async def test_a_pool_is_deleted_by_its_address(
    api: httpx.AsyncClient, peer: GatewayPeer, query: dict[str, str]
) -> None:
    removed = await api.delete(f"{MAINNET}/pools/{WETH_USDC_POOL.lower()}", params=query)
    assert removed.json()["pool_address"] == WETH_USDC_POOL
    asked = (await peer.requests("/pools/0x"))[-1]
    assert asked["query"] == {"connector": "uniswap", "network": "mainnet", "type": "clmm"}
    again = await api.delete(f"{MAINNET}/pools/{WETH_USDC_POOL}", params=query)
    assert (again.status_code, again.json()["code"]) == (404, "unknown_pool")
