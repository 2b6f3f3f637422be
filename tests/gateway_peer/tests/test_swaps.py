import httpx
import pytest

from tests.gateway_peer.chain.transactions import Fate
from tests.gateway_peer.networks import WETH_USDC_POOL, WETH_USDT_MEDIUM_POOL, WETH_USDT_POOL
from tests.gateway_peer.peer import GatewayPeer
from tests.gateway_peer.tests.asking import ADDRESS, SPENDERS, Asker

ROUTER = "/connectors/uniswap/router"
CLMM = "/connectors/uniswap/clmm"
SELL = {"network": "mainnet", "baseToken": "WETH", "quoteToken": "USDC", "amount": 1, "side": "SELL"}
OF_WALLET = {"walletAddress": ADDRESS, "slippagePct": 1}
QUOTED = {
    "tokenIn", "tokenOut", "amountIn", "amountOut", "price", "priceImpactPct", "minAmountOut", "maxAmountIn",
}  # fmt: skip


async def _approve_all(gateway: Asker) -> None:
    for spender in SPENDERS:
        await gateway.approve(spender, "WETH", "USDC", "USDT")


async def test_a_quote_sells_at_the_pools_price_less_its_fee(gateway: Asker) -> None:
    quote = await gateway.get(f"{ROUTER}/quote-swap", **SELL, slippagePct=1)
    assert set(quote) == QUOTED | {"quoteId", "routePath"}
    assert 1995 < quote["amountOut"] < 2000
    assert quote["price"] == pytest.approx(quote["amountOut"])
    assert quote["minAmountOut"] == pytest.approx(quote["amountOut"] * 0.99, rel=1e-6)


async def test_a_quote_buys_an_exact_amount(gateway: Asker) -> None:
    quote = await gateway.get(f"{ROUTER}/quote-swap", **{**SELL, "side": "BUY"})
    assert quote["amountOut"] == 1
    assert 2000 < quote["amountIn"] < 2005
    assert quote["maxAmountIn"] > quote["amountIn"]


async def test_trap_23_numbers_may_be_text_and_sides_are_capitals(gateway: Asker) -> None:
    await gateway.get(f"{ROUTER}/quote-swap", **{**SELL, "amount": "1.0"})
    message = await gateway.get_refused(400, f"{ROUTER}/quote-swap", **{**SELL, "side": "sell"})
    assert message == "querystring/side must be equal to one of the allowed values"


async def test_a_routed_swap_moves_the_balances(gateway: Asker, wallet: str) -> None:
    await _approve_all(gateway)
    swap = await gateway.post(f"{ROUTER}/execute-swap", **SELL, **OF_WALLET)
    assert set(swap["data"]) == {
        "tokenIn", "tokenOut", "amountIn", "amountOut", "fee", "baseTokenBalanceChange", "quoteTokenBalanceChange",
    }  # fmt: skip
    assert swap["data"]["baseTokenBalanceChange"] == -1
    assert await gateway.balance("WETH") == 49
    assert await gateway.balance("USDC") == 100_000 + swap["data"]["quoteTokenBalanceChange"]


async def test_trap_25_ether_is_silently_its_wrapped_token(gateway: Asker, wallet: str) -> None:
    await _approve_all(gateway)
    before = await gateway.balance("ETH")
    await gateway.post(f"{ROUTER}/execute-swap", **{**SELL, "baseToken": "ETH"}, **OF_WALLET)
    assert await gateway.balance("WETH") == 49
    assert before - await gateway.balance("ETH") < 0.01


async def test_trap_20_a_missing_allowance_names_the_spender(gateway: Asker, wallet: str) -> None:
    message = await gateway.post_refused(400, f"{ROUTER}/execute-swap", **SELL, **OF_WALLET)
    assert 'spender: "uniswap/router"' in message
    message = await gateway.post_refused(400, f"{CLMM}/execute-swap", **SELL, **OF_WALLET)
    assert 'spender: "uniswap/clmm/swap"' in message


async def test_a_quote_is_executed_once(gateway: Asker, wallet: str) -> None:
    await _approve_all(gateway)
    quote = await gateway.get(f"{ROUTER}/quote-swap", **SELL)
    told = {"network": "mainnet", "walletAddress": wallet, "quoteId": quote["quoteId"]}
    swap = await gateway.post(f"{ROUTER}/execute-quote", **told)
    assert swap["data"]["amountOut"] == quote["amountOut"]
    assert await gateway.post_refused(400, f"{ROUTER}/execute-quote", **told) == "Quote not found or expired"


async def test_a_price_that_runs_away_reverts_the_swap(peer: GatewayPeer, gateway: Asker, wallet: str) -> None:
    await _approve_all(gateway)
    quote = await gateway.get(f"{ROUTER}/quote-swap", **SELL, slippagePct=1)
    await peer.move_price(WETH_USDC_POOL, "0.00055")
    told = {"network": "mainnet", "walletAddress": wallet, "quoteId": quote["quoteId"]}
    assert '"status":0' in await gateway.post_refused(500, f"{ROUTER}/execute-quote", **told)
    assert await gateway.balance("WETH") == 50


async def test_answers_tell_the_quoted_amounts_and_not_the_swapped(
    peer: GatewayPeer, gateway: Asker, wallet: str
) -> None:
    await _approve_all(gateway)
    quote = await gateway.get(f"{ROUTER}/quote-swap", **SELL, slippagePct=5)
    await peer.move_price(WETH_USDC_POOL, "0.00051")
    told = {"network": "mainnet", "walletAddress": wallet, "quoteId": quote["quoteId"]}
    swap = await gateway.post(f"{ROUTER}/execute-quote", **told)
    assert swap["data"]["amountOut"] == quote["amountOut"]
    assert await gateway.balance("USDC") < 100_000 + quote["amountOut"] - 10


async def test_trap_14_a_pool_swap_sells_no_token1(gateway: Asker, wallet: str) -> None:
    await _approve_all(gateway)
    assert '"status":0' in await gateway.post_refused(500, f"{CLMM}/execute-swap", **SELL, **OF_WALLET)
    bought = await gateway.post(f"{CLMM}/execute-swap", **{**SELL, "side": "BUY"}, **OF_WALLET)
    assert bought["status"] == 1


async def test_trap_14_a_pool_swap_sells_token0_in_small_sizes(gateway: Asker, wallet: str, peer: GatewayPeer) -> None:
    await _approve_all(gateway)
    sell = {**SELL, "baseToken": "USDC", "quoteToken": "WETH"}
    small = await gateway.post(f"{CLMM}/execute-swap", **{**sell, "amount": 100}, **OF_WALLET)
    assert small["status"] == 1
    message = await gateway.post_refused(500, f"{CLMM}/execute-swap", **{**sell, "amount": 90_000}, **OF_WALLET)
    assert '"status":0' in message


async def test_trap_15_a_pool_swap_ignores_the_pool_and_wants_the_pair_listed(gateway: Asker, wallet: str) -> None:
    await _approve_all(gateway)
    swap = {**SELL, "quoteToken": "USDT", "poolAddress": WETH_USDT_POOL, **OF_WALLET}
    message = await gateway.post_refused(404, f"{CLMM}/execute-swap", **swap)
    assert message == "No CLMM pool found for pair WETH-USDT"
    quote = await gateway.get(f"{CLMM}/quote-swap", **{**swap, "poolAddress": WETH_USDT_MEDIUM_POOL})
    assert set(quote) == QUOTED | {"poolAddress", "slippagePct"}
    assert quote["poolAddress"] == WETH_USDT_MEDIUM_POOL


async def test_trap_22_without_a_connector_trading_means_jupiter(gateway: Asker, wallet: str) -> None:
    asked = {**SELL, "chainNetwork": "ethereum-mainnet"}
    assert "jupiter/router" in await gateway.get_refused(400, "/trading/swap/quote", **asked)
    quote = await gateway.get("/trading/swap/quote", **asked, connector="uniswap/router")
    assert set(quote) == QUOTED
    await _approve_all(gateway)
    swap = await gateway.post("/trading/swap/execute", **asked, connector="uniswap/router", **OF_WALLET)
    assert swap["status"] == 1


async def test_a_lost_answer_is_of_a_swap_that_was_done(peer: GatewayPeer, gateway: Asker, wallet: str) -> None:
    await _approve_all(gateway)
    await peer.next_answer(ROUTER, lost=True)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await gateway.client.post(f"{ROUTER}/execute-swap", json={**SELL, **OF_WALLET})
    assert await gateway.balance("WETH") == 49


async def test_a_held_swap_spends_its_allowance_when_it_is_mined(
    peer: GatewayPeer, gateway: Asker, wallet: str
) -> None:
    told = {"network": "mainnet", "address": wallet, "spender": "uniswap/router"}
    await gateway.post("/chains/ethereum/approve", **told, token="WETH", amount="1.5")
    await peer.next_transactions(Fate(held=True))
    await gateway.post(f"{ROUTER}/execute-swap", **SELL, **OF_WALLET)
    await peer.finish()
    left = await gateway.post("/chains/ethereum/allowances", **told, tokens=["WETH"])
    assert left["approvals"] == {"WETH": "0.5"}
