"""``/gateway/clmm/pool-info`` and ``/gateway/clmm/pools``."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from aviary_common.errors import Unprocessable
from aviary_gateway_proxy.pools.find import fee_pct
from aviary_gateway_proxy.pools.schemas import around
from aviary_gateway_proxy.pools.shapes import Bin
from tests.gateway_peer.chain.network import Link
from tests.gateway_peer.chain.tokens import DAI, SOL, USDC, USDT, WETH
from tests.gateway_peer.networks import WETH_USDC_MEDIUM_POOL, WETH_USDC_POOL, WETH_USDT_POOL
from tests.gateway_peer.peer import GatewayPeer

PATH = "/gateway/clmm/pool-info"
REFERENCE = {"chain": "ethereum", "network": "mainnet", "connector": "uniswap"}


async def ask(api: httpx.AsyncClient, **asked: object) -> Any:
    answer = await api.post(PATH, json=REFERENCE | asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def near(text: str) -> Decimal:
    return round(Decimal(text), 6)


async def test_a_pool_by_its_tokens_in_the_order_of_the_pair(api: httpx.AsyncClient) -> None:
    """USDC is token0, and the user asks for WETH-USDC."""
    told = await ask(api, token0="WETH", token1="USDC", fee="LOW")
    assert told["address"] == WETH_USDC_POOL
    assert (told["base_token_address"], told["quote_token_address"]) == (WETH.address, USDC.address)
    assert told["trading_pair"] == "WETH-USDC"
    assert (near(told["price"]), told["fee_pct"], told["bin_step"]) == (2000, "0.05", 10)


async def test_the_other_order_has_the_inverse_price(api: httpx.AsyncClient) -> None:
    told = await ask(api, token0="USDC", token1="WETH", fee="LOW")
    assert told["trading_pair"] == "USDC-WETH"
    assert Decimal(told["price"]) == Decimal("0.0005")


async def test_a_pair_that_needs_no_turning(api: httpx.AsyncClient) -> None:
    assert near((await ask(api, token0="WETH", token1="USDT", fee="LOW"))["price"]) == 2000
    assert near((await ask(api, token0="USDT", token1="WETH", fee="LOW"))["price"]) == near("0.0005")


@pytest.mark.parametrize("fee", ["MEDIUM", "medium", '"MEDIUM"', "0.3", 0.3, 3000, "0.3%"])
async def test_a_pool_that_no_list_has_is_computed(api: httpx.AsyncClient, fee: object) -> None:
    assert (await ask(api, token0="WETH", token1="USDC", fee=fee))["address"] == WETH_USDC_MEDIUM_POOL


async def test_tokens_by_their_addresses(api: httpx.AsyncClient) -> None:
    told = await ask(api, token0=WETH.address.lower(), token1=USDT.address, fee="LOW")
    assert (told["address"], told["trading_pair"]) == (WETH_USDT_POOL, "WETH-USDT")


async def test_without_a_fee_the_listed_pool(api: httpx.AsyncClient) -> None:
    assert (await ask(api, token0="WETH", token1="USDC"))["address"] == WETH_USDC_POOL


async def test_without_a_fee_several_listed_pools_are_a_question(api: httpx.AsyncClient) -> None:
    told = {"connector_name": "uniswap", "type": "clmm", "address": WETH_USDC_MEDIUM_POOL}
    assert (await api.post("/gateway/networks/ethereum-mainnet/pools", json=told)).status_code == 200
    refused = await api.post(PATH, json=REFERENCE | {"token0": "WETH", "token1": "USDC"})
    assert (refused.status_code, refused.json()["code"]) == (422, "several_pools")


@pytest.mark.parametrize("network", ["mainnet", "ethereum-mainnet"])
async def test_the_clients_form(api: httpx.AsyncClient, network: str) -> None:
    query = {"connector": "uniswap", "network": network, "pool_address": WETH_USDC_POOL, "bin_count": 5}
    answer = await api.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["trading_pair"], told["bins"]) == ("USDC-WETH", [])
    assert Decimal(told["price"]) == Decimal("0.0005")


async def test_an_address_with_a_pair_is_told_as_the_pair(api: httpx.AsyncClient) -> None:
    told = await ask(api, pool_address=WETH_USDC_POOL, token0="WETH", token1="USDC")
    assert near(told["price"]) == 2000
    wrong = await api.post(PATH, json=REFERENCE | {"pool_address": WETH_USDC_POOL, "token0": "WETH", "token1": "DAI"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "not_in_pool")


async def test_amounts_that_are_none_are_null(api: httpx.AsyncClient) -> None:
    """Gateway tells the liquidity by that name."""
    told = await ask(api, pool_address=WETH_USDC_POOL)
    assert (told["base_token_amount"], told["quote_token_amount"]) == (None, None)


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"token0": "WETH", "token1": "NOPE", "fee": "LOW"}, 404, "unknown_token"),
        ({"token0": "WETH", "token1": "weth", "fee": "LOW"}, 422, "same_token"),
        ({"token0": "WETH", "token1": "USDC", "fee": "HIGH"}, 404, "unknown_pool"),
        ({"token0": "WETH", "token1": "USDC", "fee": "HUGE"}, 422, "unknown_fee"),
        ({"token0": "WETH", "token1": DAI.address}, 404, "unknown_pool"),
        ({"pool_address": DAI.address}, 404, "unknown_pool"),
        ({"pool_address": "0x12"}, 422, "malformed_address"),
        ({"pool_address": WETH_USDC_POOL, "connector": "uniswop"}, 404, "unknown_connector"),
        ({"pool_address": WETH_USDC_POOL, "network": "mainet"}, 404, "unknown_network"),
        ({"pool_address": WETH_USDC_POOL, "chain": "solana"}, 404, "unknown_chain"),
        ({"pool_address": WETH_USDC_POOL, "connector": "0x"}, 422, "no_clmm"),
        ({"pool_address": WETH_USDC_POOL, "connector": "pancakeswap", "network": "celo"}, 404, "unknown_network"),
    ],
)
async def test_a_pool_that_can_not_be_told(
    api: httpx.AsyncClient, asked: dict[str, str], status: int, code: str
) -> None:
    refused = await api.post(PATH, json=REFERENCE | asked)
    assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text


async def test_neither_address_nor_pair_is_422(api: httpx.AsyncClient) -> None:
    assert (await api.post(PATH, json=REFERENCE | {"token0": "WETH"})).status_code == 422
    assert (await api.get(PATH, params={"connector": "uniswap", "network": "mainnet"})).status_code == 422


@pytest.mark.parametrize(
    "asked", [{"pool_address": WETH_USDC_POOL}, {"token0": "WETH", "token1": "USDC", "fee": "LOW"}]
)
async def test_a_dead_node_is_no_missing_pool(api: httpx.AsyncClient, peer: GatewayPeer, asked: dict[str, str]) -> None:
    await peer.links(gateway=Link.ERROR)
    dead = await api.post(PATH, json=REFERENCE | asked)
    assert (dead.status_code, dead.json()["code"]) == (503, "node_unreachable")


async def test_solana_offline_is_no_missing_pool(api: httpx.AsyncClient) -> None:
    query = {"connector": "meteora", "network": "mainnet-beta", "pool_address": SOL.address}
    dead = await api.get(PATH, params=query)
    assert (dead.status_code, dead.json()["code"]) == (503, "node_unreachable")


async def test_listed_pools_are_offered(api: httpx.AsyncClient) -> None:
    query = {"connector": "uniswap", "network": "ethereum-mainnet", "search_term": "weth/usdc"}
    told = (await api.get("/gateway/clmm/pools", params=query)).json()
    assert (told["total"], told["page"], told["pageSize"]) == (1, 0, 50)
    pool = told["pools"][0]
    assert (pool["address"], pool["trading_pair"]) == (WETH_USDC_POOL, "WETH-USDC")
    assert (pool["mint_x"], pool["base_fee_percentage"], pool["current_price"]) == (WETH.address, "0.05", None)


@pytest.mark.parametrize("query", [{"search_term": "DAI"}, {"page": 1}])
async def test_no_pool_is_an_empty_page(api: httpx.AsyncClient, query: dict[str, object]) -> None:
    answer = await api.get("/gateway/clmm/pools", params={"connector": "uniswap", "network": "mainnet"} | query)
    assert answer.json()["pools"] == []


async def test_a_dex_that_nobody_reaches_is_no_empty_page(api: httpx.AsyncClient) -> None:
    dead = await api.get("/gateway/clmm/pools", params={"connector": "meteora"})
    assert (dead.status_code, dead.json()["code"]) == (503, "node_unreachable")


@pytest.mark.parametrize("query", [{"connector": "uniswap"}, {"connector": "jupiter"}, {"connector": "nobody"}])
async def test_pools_of_nowhere(api: httpx.AsyncClient, query: dict[str, str]) -> None:
    assert (await api.get("/gateway/clmm/pools", params=query)).status_code in (404, 422)


@pytest.mark.parametrize(("told", "expected"), [("LOWEST", "0.01"), ("HIGH", "1"), (500, "0.05"), ("2.5", "2.5")])
def test_fees_in_percent(told: str | Decimal, expected: str) -> None:
    assert fee_pct(told) == Decimal(expected)


@pytest.mark.parametrize("told", ["", "NaN", "-1", "Infinity", "LOWER"])
def test_no_fee(told: str) -> None:
    with pytest.raises(Unprocessable):
        fee_pct(told)


def test_bins_around_the_active_one() -> None:
    bins = [Bin(at, Decimal(1), Decimal(1), Decimal(1)) for at in range(-10, 11)]
    assert [each.bin_id for each in around(bins, 3, 5)] == [1, 2, 3, 4, 5]
    assert len(around(bins, 3, 0)) == 21
    assert len(around(bins, None, 5)) == 21
