import pytest

from tests.gateway_peer.networks import V2_PAIR
from tests.gateway_peer.peer import GatewayPeer
from tests.gateway_peer.tests.asking import ADDRESS, Asker

AMM = "/connectors/uniswap/amm"
PAIR = {"network": "mainnet", "poolAddress": V2_PAIR}
MINE = {**PAIR, "walletAddress": ADDRESS}
BOTH = {"baseTokenAmount": 2000, "quoteTokenAmount": 1.5}


async def test_pool_and_quotes(gateway: Asker) -> None:
    pool = await gateway.get(f"{AMM}/pool-info", **PAIR)
    assert (pool["feePct"], pool["baseTokenAmount"], pool["quoteTokenAmount"]) == (0.3, 20_000_000, 10_000)
    quote = await gateway.get(f"{AMM}/quote-liquidity", **PAIR, **BOTH)
    assert (quote["baseLimited"], quote["baseTokenAmount"], quote["quoteTokenAmount"]) == (True, 2000, 1)
    swap = await gateway.get(f"{AMM}/quote-swap", **PAIR, baseToken="WETH", amount=1, side="SELL")
    assert 1990 < swap["amountOut"] < 1995


async def test_a_swap_in_the_pair(gateway: Asker, wallet: str) -> None:
    swap = {**MINE, "baseToken": "WETH", "quoteToken": "USDC", "amount": 1, "side": "BUY"}
    assert 'spender: "uniswap/amm"' in await gateway.post_refused(400, f"{AMM}/execute-swap", **swap)
    await gateway.approve("uniswap/amm", "USDC")
    done = await gateway.post(f"{AMM}/execute-swap", **swap)
    assert done["data"]["baseTokenBalanceChange"] == 1
    assert await gateway.balance("WETH") == 51


async def test_shares_are_removed_once_their_token_is_listed_and_approved(gateway: Asker, wallet: str) -> None:
    await gateway.approve("uniswap/amm", "USDC", "WETH")
    added = await gateway.post(f"{AMM}/add-liquidity", **MINE, **BOTH)
    assert (added["data"]["baseTokenAmountAdded"], added["data"]["quoteTokenAmountAdded"]) == (2000, 1)
    position = await gateway.get(f"{AMM}/position-info", **MINE)
    assert position["baseTokenAmount"] == pytest.approx(2000)
    remove = {**MINE, "percentageToRemove": 100}
    await gateway.post_refused(400, f"{AMM}/remove-liquidity", **remove)
    approve = {"network": "mainnet", "address": wallet, "spender": "uniswap/amm", "token": V2_PAIR}
    assert "Token not found" in await gateway.post_refused(400, "/chains/ethereum/approve", **approve)
    token = {"address": V2_PAIR, "symbol": "UNI-V2", "name": "Uniswap V2", "decimals": 18}
    await gateway.post("/tokens", chain="ethereum", network="mainnet", token=token)
    await gateway.post("/chains/ethereum/approve", **approve)
    removed = await gateway.post(f"{AMM}/remove-liquidity", **remove)
    assert removed["data"]["quoteTokenAmountRemoved"] == pytest.approx(1)


async def test_trap_23_large_raw_amounts_break_the_adding(peer: GatewayPeer, gateway: Asker, wallet: str) -> None:
    message = await gateway.post_refused(
        500, f"{AMM}/add-liquidity", **MINE, baseTokenAmount=2_000_000, quoteTokenAmount=1000
    )
    assert "1e+21" in message
