import pytest

from tests.gateway_peer.chain.transactions import End, Fate
from tests.gateway_peer.peer import GatewayPeer
from tests.gateway_peer.tests.asking import ADDRESS, SPENDERS, Asker

ON_MAINNET = {"network": "mainnet", "address": ADDRESS}
DEAD = ("balances", "poll", "allowances", "approve", "wrap", "unwrap")


async def test_status_and_gas(peer: GatewayPeer, gateway: Asker) -> None:
    status = await gateway.get("/chains/ethereum/status", network="mainnet")
    assert status["currentBlockNumber"] > 0
    assert (status["nativeCurrency"], status["swapProvider"]) == ("ETH", "uniswap/router")
    assert status["rpcUrl"] == peer.node_url()
    gas = await gateway.get("/chains/ethereum/estimate-gas", network="mainnet")
    assert (gas["denomination"], gas["feeAsset"]) == ("gwei", "ETH")


async def test_balances_of_all_and_of_some(gateway: Asker, wallet: str) -> None:
    everything = await gateway.post("/chains/ethereum/balances", **ON_MAINNET, tokens=[])
    assert everything["balances"] == {"ETH": 10, "WETH": 50, "USDC": 100_000, "USDT": 100_000}
    named = await gateway.post("/chains/ethereum/balances", **ON_MAINNET, tokens=["DAI", "WETH", "NOBODY"])
    assert named["balances"] == {"DAI": 0, "WETH": 50, "NOBODY": 0}


async def test_trap_23_addresses_may_be_in_lower_case(gateway: Asker, wallet: str) -> None:
    told = await gateway.post("/chains/ethereum/balances", network="mainnet", address=wallet.lower(), tokens=["WETH"])
    assert told["balances"] == {"WETH": 50}


async def test_wrap_and_unwrap(gateway: Asker, wallet: str) -> None:
    wrapped = await gateway.post("/chains/ethereum/wrap", **ON_MAINNET, amount="1.5")
    assert wrapped["status"] == 1
    assert set(wrapped["data"]) == {"nonce", "fee", "amount", "wrappedAddress", "nativeToken", "wrappedToken"}
    assert await gateway.balance("WETH") == 51.5
    await gateway.post("/chains/ethereum/unwrap", **ON_MAINNET, amount="0.5")
    assert await gateway.balance("WETH") == 51
    assert 8.99 < await gateway.balance("ETH") < 9, "gas is paid"
    assert "Insufficient ETH" in await gateway.post_refused(400, "/chains/ethereum/wrap", **ON_MAINNET, amount="1000")


@pytest.mark.parametrize("spender", SPENDERS)
async def test_an_approval_is_seen_by_its_spender_only(gateway: Asker, wallet: str, spender: str) -> None:
    await gateway.post("/chains/ethereum/approve", **ON_MAINNET, spender=spender, token="USDC", amount="12.5")
    for each in SPENDERS:
        told = await gateway.post("/chains/ethereum/allowances", **ON_MAINNET, spender=each, tokens=["USDC"])
        assert told["approvals"] == {"USDC": "12.5" if each == spender else "0.0"}


async def test_trap_20_the_routers_approval_is_two_transactions_and_ends_after_two_days(
    peer: GatewayPeer, gateway: Asker, wallet: str
) -> None:
    approved = await gateway.post("/chains/ethereum/approve", **ON_MAINNET, spender="uniswap/router", token="USDC")
    sent = await peer.transactions()
    assert [each["nonce"] for each in sent] == [0, 1]
    assert approved["signature"] == sent[0]["hash"]
    assert set(approved["data"]) == {"tokenAddress", "spender", "amount", "nonce", "fee"}
    await peer.advance_clock(48 * 3600 + 1)
    told = await gateway.post("/chains/ethereum/allowances", **ON_MAINNET, spender="uniswap/router", tokens=["USDC"])
    assert told["approvals"] == {"USDC": "0.0"}


async def test_an_approval_that_suffices_sends_nothing(peer: GatewayPeer, gateway: Asker, wallet: str) -> None:
    await gateway.approve("uniswap/router", "USDC", "USDC")
    assert len(await peer.transactions()) == 2


async def test_trap_20_half_an_approval_is_finished_without_a_signature(
    peer: GatewayPeer, gateway: Asker, wallet: str
) -> None:
    approve = {**ON_MAINNET, "spender": "uniswap/router", "token": "USDC"}
    await peer.next_transactions(Fate(end=End.REVERTED, skip=1))
    await gateway.post_refused(500, "/chains/ethereum/approve", **approve)
    assert [each["status"] for each in await peer.transactions()] == [1, 0]
    again = await gateway.post("/chains/ethereum/approve", **approve)
    assert int(again["signature"], 16) == 0
    assert len(await peer.transactions()) == 3


async def test_an_amount_that_is_none_is_refused(gateway: Asker, wallet: str) -> None:
    for amount in ("much", "NaN", "-1"):
        await gateway.post_refused(400, "/chains/ethereum/wrap", **ON_MAINNET, amount=amount)


async def test_an_unknown_spender_is_asked_of_ens(gateway: Asker, wallet: str) -> None:
    told = {**ON_MAINNET, "spender": "sushiswap", "tokens": ["USDC"]}
    assert "ENS" in await gateway.post_refused(500, "/chains/ethereum/allowances", **told)


async def test_trap_10_a_dead_rpc_looks_like_data(peer: GatewayPeer, gateway: Asker, wallet: str) -> None:
    await peer.links(gateway="error")
    assert (await gateway.get("/chains/ethereum/status", network="mainnet"))["currentBlockNumber"] == 0
    assert (await gateway.get("/chains/ethereum/estimate-gas", network="mainnet"))["fee"] > 0
    pool = {"network": "mainnet", "poolAddress": "0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640"}
    assert await gateway.get_refused(404, "/connectors/uniswap/clmm/pool-info", **pool) == "Pool not found"
    assert (await gateway.get("/chains/ethereum/status", network="base"))["currentBlockNumber"] > 0


@pytest.mark.parametrize("route", DEAD)
async def test_what_needs_a_living_rpc_is_a_500_without(
    peer: GatewayPeer, gateway: Asker, wallet: str, route: str
) -> None:
    await peer.links(gateway="error")
    told = {**ON_MAINNET, "signature": "0x1", "tokens": ["USDC"], "token": "USDC", "spender": "uniswap/clmm"}
    await gateway.post_refused(500, f"/chains/ethereum/{route}", **told, amount="1")


async def test_trap_10_offline_solana_has_zeros_and_unexpected_errors(gateway: Asker) -> None:
    told = await gateway.post("/chains/solana/balances", network="mainnet-beta", address="x", tokens=["SOL", "USDC"])
    assert told == {"balances": {"SOL": 0, "USDC": 0}}
    unexpected = "An unexpected error occurred"
    assert await gateway.get_refused(500, "/chains/solana/status", network="mainnet-beta") == unexpected
    assert await gateway.post_refused(500, "/chains/solana/poll", network="mainnet-beta", signature="x") == unexpected
    gas = await gateway.get("/chains/solana/estimate-gas", network="mainnet-beta")
    assert (gas["denomination"], gas["feeAsset"]) == ("lamports", "SOL")


async def test_the_offline_connectors_fail_each_in_its_own_way(gateway: Asker) -> None:
    on_solana = {"network": "mainnet-beta", "poolAddress": "x"}
    for connector, status in {"raydium": 404, "meteora": 404, "orca": 500}.items():
        await gateway.get_refused(status, f"/connectors/{connector}/clmm/pool-info", **on_solana)
    await gateway.get_refused(500, "/connectors/raydium/amm/pool-info", **on_solana)
    assert "SDK bug" in await gateway.get_refused(503, "/connectors/meteora/clmm/positions-owned", **on_solana)
    quote = {"network": "mainnet-beta", "baseToken": "SOL", "quoteToken": "USDC", "amount": 1, "side": "SELL"}
    assert "ENOTFOUND" in await gateway.get_refused(404, "/connectors/jupiter/router/quote-swap", **quote)
    assert await gateway.get("/connectors/meteora/clmm/fetch-pools", network="mainnet-beta", limit=5) == []
    assert await gateway.get("/connectors/pancakeswap/clmm/positions-owned", network="bsc", walletAddress=ADDRESS) == []
    await gateway.get_refused(404, "/connectors/raydium/clmm/fetch-pools", network="mainnet-beta")
    assert "Route GET:" in await gateway.get_refused(404, "/connectors/jupiter/clmm/pool-info", **on_solana)
