"""The official client for DEXes, and the forms of the reference, through the edge to a stand-in for Gateway."""

import secrets
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any, Final

import aiohttp
import httpx
import pytest
from hummingbot_api_client import HummingbotAPIClient
from hummingbot_api_client.routers.accounts import AccountsRouter
from hummingbot_api_client.routers.gateway import GatewayRouter
from hummingbot_api_client.routers.gateway_amm import GatewayAMMRouter
from hummingbot_api_client.routers.gateway_clmm import GatewayCLMMRouter
from hummingbot_api_client.routers.gateway_swap import GatewaySwapRouter

from tests.e2e.official import NEVER, REFUSED_HERE, Recorded
from tests.e2e.test_official_client import router
from tests.gateway_peer.chain.tokens import USDC, WETH
from tests.gateway_peer.networks import V2_PAIR, WETH_USDC_POOL, WETH_USDT_POOL
from tests.gateway_peer.peer import GatewayPeer
from tests.stack import Stack

pytestmark = pytest.mark.e2e

NETWORK: Final = "ethereum-mainnet"
PLACE: Final = {"chain": "ethereum", "network": "mainnet"}
LINK: Final = "0x514910771AF9Ca656af840dff83E8264EcF986CA"
ROUTERS: Final = (GatewayRouter, GatewaySwapRouter, GatewayCLMMRouter, GatewayAMMRouter)

Json = dict[str, Any]


@pytest.fixture(scope="module")
def called() -> dict[type, set[str]]:
    return {}


@pytest.fixture(scope="module")
async def peer(gateway_peer: GatewayPeer) -> AsyncIterator[GatewayPeer]:
    async with gateway_peer as running:
        await running.limit(1_000_000)
        yield running


class Official:
    """The client, with a note of what was called of it."""

    def __init__(self, client: HummingbotAPIClient, called: dict[type, set[str]]) -> None:
        for name in ("accounts", "gateway", "gateway_swap", "gateway_clmm", "gateway_amm"):
            one = getattr(client, name)
            setattr(self, name, Recorded(one, called.setdefault(type(one), set())))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


@pytest.fixture
async def official(stack: Stack, peer: GatewayPeer, called: dict[type, set[str]]) -> AsyncIterator[Official]:
    username, password = stack.login
    async with HummingbotAPIClient(stack.url, username, password) as client:
        yield Official(client, called)


@pytest.fixture(scope="module")
async def wallet(peer: GatewayPeer, client: httpx.AsyncClient) -> str:
    """With money, and what it has approved."""
    key = secrets.token_hex(32)
    added = await client.post("/accounts/gateway/add-wallet", json={**PLACE, "private_key": key})
    assert added.status_code == 201, added.text
    assert key not in added.text
    address = str(added.json()["address"])
    for token, amount in (("ETH", 10), ("WETH", 100), ("USDC", 200_000), ("USDT", 200_000)):
        await peer.fund(address, token, amount)
    for spender in ("uniswap/router", "uniswap/clmm", "uniswap/amm"):
        for token in ("WETH", "USDC"):
            asked = {**PLACE, "address": address, "spender": spender, "token": token}
            assert (await client.post("/chains/ethereum/approve", json=asked)).status_code == 200
    return address


async def refused(call: Any) -> int:
    with pytest.raises(aiohttp.ClientResponseError) as error:
        await call
    return error.value.status


async def test_life(official: Official) -> None:
    """Somebody else looks after this Gateway: it can be asked to begin anew, and nothing else."""
    gateway = official.gateway
    status = await gateway.get_status()
    assert (status["running"], status["reachable"], status["container_id"]) == (True, True, None)
    assert await refused(gateway.start({"passphrase": "a passphrase of a user"})) == 409
    assert await refused(gateway.stop()) == 409
    assert await refused(gateway.get_logs(tail=10)) == 409


async def test_configuration(official: Official) -> None:
    gateway = official.gateway
    assert "uniswap" in {each["name"] for each in (await gateway.list_connectors())["connectors"]}
    assert (await gateway.update_connector_config("uniswap", {"slippage_pct": 0.5}))["restart_required"] is True
    assert (await gateway.get_connector_config("uniswap"))["slippage_pct"] == 0.5
    assert {each["chain"] for each in (await gateway.list_chains())["chains"]} == {"ethereum", "solana"}
    assert NETWORK in {each["network_id"] for each in (await gateway.list_networks())["networks"]}
    assert (await gateway.get_network_config(NETWORK))["chain_id"] == 1
    assert (await gateway.update_network_config("ethereum-base", {"node_url": "https://rpc.example/key"}))["success"]
    assert (await gateway.update_api_keys({"infura": "a-key"}))["updated_keys"] == ["infura"]
    assert (await gateway.get_api_keys())["infura"] == "***"


async def test_lists(official: Official) -> None:
    gateway = official.gateway
    assert (await gateway.get_network_tokens(NETWORK, search="usd"))["count"] == 2
    assert (await gateway.add_token(NETWORK, LINK, "LINK", 18))["token"]["network_id"] == NETWORK
    assert (await gateway.delete_token(NETWORK, LINK))["token_address"] == LINK
    assert await refused(gateway.save_network_token(NETWORK, LINK)) == 503, "Gateway would ask the internet"
    assert (await gateway.list_pools("uniswap", "mainnet"))[0]["trading_pair"] == "WETH-USDC"
    before = (await gateway.get_network_pools(NETWORK, pool_type="CLMM"))["count"]
    added = await gateway.add_network_pool(NETWORK, "uniswap", "clmm", WETH_USDT_POOL)
    assert added["pool"]["trading_pair"] == "WETH-USDT"
    assert (await gateway.get_network_pools(NETWORK, pool_type="CLMM"))["count"] == before + 1
    removed = await gateway.delete_network_pool(NETWORK, WETH_USDT_POOL, pool_type="clmm")
    assert removed["pool_address"] == WETH_USDT_POOL
    saved = await gateway.save_network_pool(NETWORK, WETH_USDT_POOL, connector="uniswap", type="clmm")
    assert saved["pool"]["trading_pair"] == "WETH-USDT"


async def test_wallets(official: Official, wallet: str) -> None:
    accounts = official.accounts
    other = (await accounts.add_gateway_wallet("ethereum", secrets.token_hex(32)))["address"]
    assert (await accounts.set_default_gateway_wallet("ethereum", wallet))["success"]
    told = {each["chain"]: each for each in await accounts.list_gateway_wallets()}["ethereum"]
    assert {wallet, other} <= set(told["walletAddresses"])
    assert told["default_address"] == wallet
    assert (await accounts.remove_gateway_wallet("ethereum", other))["success"]
    assert await refused(accounts.remove_gateway_wallet("ethereum", other)) == 404


async def test_swaps(official: Official, wallet: str) -> None:
    swaps = official.gateway_swap
    what = ("uniswap", NETWORK, "WETH-USDC", "SELL", Decimal("0.1"))
    quote = await swaps.get_swap_quote(*what, slippage_pct=Decimal(1))
    assert 1900 < Decimal(quote["price"]) < 2100
    connector, network, *rest = what
    done = await swaps.execute_quote(connector, network, quote["quote_id"], *rest, wallet_address=wallet)
    assert (await swaps.get_swap_status(done["transaction_hash"]))["status"] == "CONFIRMED"
    again = await swaps.execute_swap(*what, slippage_pct=Decimal(1), wallet_address=wallet)
    found = await swaps.search_swaps(network=NETWORK, wallet_address=wallet, limit=1)
    assert [each["transaction_hash"] for each in found["data"]] == [again["transaction_hash"]]
    assert found["pagination"]["has_more"] is True
    summary = await swaps.get_swaps_summary(wallet_address=wallet)
    assert (summary["total_swaps"], summary["confirmed_swaps"]) == (2, 2)


async def test_positions(official: Official, wallet: str, peer: GatewayPeer) -> None:
    """WETH-USDC by the pool's address is USDC-WETH, as its own tokens are ordered."""
    clmm = official.gateway_clmm
    place = ("uniswap", NETWORK)
    assert (await clmm.get_pools("uniswap", network="mainnet", search_term="USDC"))["pools"][0][
        "mint_x"
    ] == WETH.address
    info = await clmm.get_pool_info("uniswap", "mainnet", WETH_USDC_POOL, bin_count=5)
    assert (info["base_token_address"], float(info["price"])) == (USDC.address, pytest.approx(0.0005, rel=0.01))
    wide = (WETH_USDC_POOL, Decimal("0.00045"), Decimal("0.00056"))
    quote = await clmm.quote_position(*place, *wide, base_token_amount=Decimal(2000))
    assert Decimal(quote["quote_token_amount"]) > 0
    amounts = {"base_token_amount": Decimal(2000), "quote_token_amount": Decimal(1)}
    opened = await clmm.open_position(*place, *wide, **amounts, wallet_address=wallet)
    address = opened["position_address"]
    assert (await clmm.get_position_info(*place, address))["pool_address"] == WETH_USDC_POOL
    assert address in {each["position_address"] for each in await clmm.get_positions_owned(*place, wallet)}
    assert (await clmm.add_liquidity(*place, address, **amounts, wallet_address=wallet))["status"] == "submitted"
    await peer.accrue_fees(int(address), amount0=5, amount1="0.002")
    await clmm.remove_liquidity(*place, address, Decimal(50), wallet_address=wallet)
    await peer.accrue_fees(int(address), amount0=5, amount1="0.002")
    await clmm.add_liquidity(*place, address, **amounts, wallet_address=wallet)
    collected = await clmm.collect_fees(*place, address, wallet_address=wallet)
    assert Decimal(collected["base_fee_collected"]) > 0
    assert (await clmm.close_position(*place, address, wallet_address=wallet))["position_address"] == address
    kinds = [each["event_type"] for each in (await clmm.get_position_events(address))["data"]]
    assert sorted(kinds) == ["ADD_LIQUIDITY", "ADD_LIQUIDITY", "CLOSE", "COLLECT_FEES", "OPEN", "REMOVE_LIQUIDITY"]
    (row,) = (await clmm.search_positions(wallet_address=wallet, status="CLOSED", refresh=True))["data"]
    assert (row["position_address"], row["status"]) == (address, "CLOSED")
    assert row["pnl_summary"] is not None
    assert await refused(clmm.create_pool(*place, "WETH", "USDC")) == 501


async def test_shares(official: Official, wallet: str, client: httpx.AsyncClient) -> None:
    amm = official.gateway_amm
    place, amounts = ("uniswap", NETWORK, V2_PAIR), (Decimal(1), Decimal(2000))
    assert (await amm.get_pool_info(*place))["address"] == V2_PAIR
    base_is_weth = (await amm.get_pool_info(*place))["base_token_address"] == WETH.address
    given = amounts if base_is_weth else amounts[::-1]
    assert await amm.get_liquidity_quote(*place, *given)
    assert (await amm.add_liquidity(*place, *given, wallet_address=wallet))["pool_address"] == V2_PAIR
    share = await amm.get_position_info(*place, wallet_address=wallet)
    assert Decimal(str(share["lp_token_amount"])) > 0
    assert V2_PAIR in {each["pool_address"] for each in await amm.get_positions_owned("uniswap", NETWORK, wallet)}
    token = {"address": V2_PAIR, "symbol": "UNI-V2", "decimals": 18}
    assert (await client.post(f"/gateway/networks/{NETWORK}/tokens", json=token)).status_code == 200
    approved = {**PLACE, "address": wallet, "spender": "uniswap/amm", "token": "UNI-V2"}
    assert (await client.post("/chains/ethereum/approve", json=approved)).status_code == 200
    await amm.remove_liquidity(*place, Decimal(100), wallet_address=wallet)
    assert len((await amm.search_events(wallet_address=wallet))["data"]) == 2
    assert [each["status"] for each in (await amm.search_positions(wallet_address=wallet))["data"]] == ["CLOSED"]
    assert await refused(amm.create_pool("uniswap", NETWORK, "WETH", "USDC", Decimal(1))) == 501


async def test_the_references_forms_mean_the_same(client: httpx.AsyncClient, wallet: str, peer: GatewayPeer) -> None:
    pair = {"base": "WETH", "quote": "USDC", "connector": "uniswap", "amount": "0.1", "side": "SELL"}
    theirs = {"network": NETWORK, "trading_pair": "WETH-USDC", "connector": "uniswap", "amount": "0.1", "side": "SELL"}
    quotes = [(await client.post("/gateway/swap/quote", json=asked)).json() for asked in (PLACE | pair, theirs)]
    assert [each["price"] for each in quotes] == [quotes[0]["price"]] * 2
    executed = PLACE | pair | {"address": wallet, "allowedSlippage": "1%"}
    done = (await client.post("/gateway/swap/execute", json=executed)).json()
    assert (await client.get(f"/gateway/swaps/{done['transaction_hash']}/status")).json()["wallet_address"] == wallet
    searched = {"wallet_address": wallet, "limit": 3}
    got = (await client.get("/gateway/swaps/search", params=searched)).json()
    assert got["data"] == (await client.post("/gateway/swaps/search", params=searched)).json()["data"]
    pool = PLACE | {"connector": "uniswap", "token0": "WETH", "token1": "USDC", "fee": "LOW"}
    info = (await client.post("/gateway/clmm/pool-info", json=pool)).json()
    assert (info["address"], float(info["price"])) == (WETH_USDC_POOL, pytest.approx(2000, rel=0.01))
    range_ = {"lowerPrice": "1800", "upperPrice": "2200", "amount0": "1", "amount1": "2000", "address": wallet}
    opened = (await client.post("/gateway/clmm/open", json=pool | range_)).json()
    owned = PLACE | {"connector": "uniswap", "address": wallet}
    mine = (await client.get("/gateway/clmm/positions_owned", params=owned)).json()
    assert opened["position_address"] in {each["position_address"] for each in mine}
    kept = (await client.post("/gateway/clmm/positions/search", json=owned | {"status": "OPEN"})).json()["data"]
    assert [each["position_address"] for each in kept] == [opened["position_address"]]
    await peer.accrue_fees(int(opened["position_address"]), amount0=5, amount1="0.002")
    named = owned | {"position_id": opened["position_address"]}
    assert (await client.post("/gateway/clmm/collect-fees", json=named)).status_code == 400, "nobody has touched it"
    closed = (await client.post("/gateway/clmm/close", json=named)).json()
    assert Decimal(closed["base_fee_collected"]) >= 0


async def test_chains(client: httpx.AsyncClient, wallet: str, peer: GatewayPeer) -> None:
    chain = "/chains/ethereum"
    status = (await client.get(f"{chain}/status", params={"network": "mainnet"})).json()
    assert (status["network"], status["currentBlockNumber"] > 0) == ("mainnet", True)
    assert (await client.get(f"{chain}/estimate-gas", params={"network": "mainnet"})).json()["feeAsset"] == "ETH"
    held = PLACE | {"address": wallet, "tokenSymbols": ["WETH", "DAI"]}
    balances = (await client.post(f"{chain}/balances", json=held)).json()["balances"]
    assert (balances["DAI"], balances["WETH"] > 0) == (0, True)
    allowed = PLACE | {"address": wallet, "tokenSymbols": ["WETH"], "spender": "uniswap/clmm"}
    assert float((await client.post(f"{chain}/allowances", json=allowed)).json()["approvals"]["WETH"]) > 0
    for way in ("wrap", "unwrap"):
        sent = (await client.post(f"{chain}/{way}", json=PLACE | {"address": wallet, "amount": "0.5"})).json()
        polled = (await client.post(f"{chain}/poll", json=PLACE | {"txHash": sent["signature"]})).json()
        assert (polled["txStatus"], polled["txHash"]) == (1, sent["signature"])
    solana = {"chain": "solana", "network": "mainnet-beta"}
    key = "4" * 44
    for method, path, body in (
        ("GET", "status", None),
        ("GET", "estimate-gas", None),
        ("POST", "balances", {"address": key}),
        ("POST", "poll", {"txHash": "5" * 88}),
    ):
        answer = await client.request(method, f"/chains/solana/{path}", json=body and solana | body)
        assert answer.status_code == 503, f"{path}: {answer.text}"


async def test_wallets_join_the_portfolio(client: httpx.AsyncClient, wallet: str) -> None:
    shown = (await client.get(f"/accounts/gateway/ethereum/{wallet}")).json()
    held = {each["token"]: each["units"] for each in shown["balances"]}
    state = (await client.post("/portfolio/state", json={"refresh": True})).json()
    joined = {each["token"]: each["units"] for each in state["master_account"][NETWORK]}
    assert joined["USDT"] == held["USDT"] == pytest.approx(200_000)


async def test_a_restart(official: Official, peer: GatewayPeer) -> None:
    """The last: what was quoted is forgotten afterwards."""
    assert (await official.gateway.restart())["success"] is True


def test_no_method_was_left_out(called: dict[type, set[str]]) -> None:
    wanted = {kind.__name__: router(kind) for kind in ROUTERS}
    refused_here = REFUSED_HERE.keys() & router(GatewayRouter)
    never = {kind: NEVER.keys() & router(kind) for kind in ROUTERS} | {GatewayRouter: refused_here}
    assert {kind.__name__: called[kind] | never[kind] for kind in ROUTERS} == wanted
    assert {name for name in router(AccountsRouter) if "gateway" in name} <= called[AccountsRouter]
