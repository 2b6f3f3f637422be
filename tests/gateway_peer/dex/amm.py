"""Uniswap V2: per pool and not per position, base is token0."""

from decimal import Decimal
from functools import partial

from tests.gateway_peer.chain.ledger import Ledger, Reverted
from tests.gateway_peer.chain.network import Network
from tests.gateway_peer.chain.tokens import SPENDERS, Token
from tests.gateway_peer.dex import allowances
from tests.gateway_peer.dex.swaps import slippage
from tests.gateway_peer.errors import BadRequest, Internal, NotFound
from tests.gateway_peer.schemas import (
    ExecuteSwap,
    PairLiquidity,
    PoolAsked,
    QuotePoolSwap,
    RemovePairLiquidity,
    WalletAsked,
)
from tests.gateway_peer.sending import answer, confirm, default_wallet, fee_of, require_rpc, resolve, signer
from tests.gateway_peer.uniswap.pairs import V2Pair
from tests.gateway_peer.world import World

AMM = "uniswap/amm"
FEE_PCT = 0.3
EXPONENT_FROM = 10**21
"""From here JavaScript writes a number with an exponent, which ethers can't read."""


def pool_info(world: World, asked: PoolAsked) -> dict[str, object]:
    pair = _pair(world, world.evm(asked.network), asked.pool_address)
    return {
        "address": pair.address,
        "baseTokenAddress": pair.token0.address,
        "quoteTokenAddress": pair.token1.address,
        "feePct": FEE_PCT,
        "price": float(pair.price),
        "baseTokenAmount": pair.token0.human(pair.reserve0),
        "quoteTokenAmount": pair.token1.human(pair.reserve1),
    }


def position_info(world: World, asked: WalletAsked) -> dict[str, object]:
    network = world.evm(asked.network)
    pair = _pair(world, network, asked.pool_address or "")
    owner = default_wallet(world, asked.wallet_address)
    shares = network.ledger.balance(pair.share.key, owner)
    amount0, amount1 = pair.worth(shares)
    return {
        "poolAddress": pair.address,
        "walletAddress": owner,
        "baseTokenAddress": pair.token0.address,
        "quoteTokenAddress": pair.token1.address,
        "lpTokenAmount": pair.share.human(shares),
        "baseTokenAmount": pair.token0.human(amount0),
        "quoteTokenAmount": pair.token1.human(amount1),
        "price": float(pair.price),
    }


class PairQuote:
    """Raw amounts of a swap in a pair, and the bound on the one that the caller did not fix."""

    def __init__(self, world: World, network: Network, pair: V2Pair, asked: ExecuteSwap | QuotePoolSwap) -> None:
        base = resolve(world, network, asked.base_token)
        if not pair.trades(base):
            raise BadRequest(f"Token {base.symbol} not found in pool {pair.address}")
        other = pair.token1 if base.key == pair.token0.key else pair.token0
        self.pair, self.selling = pair, asked.side == "SELL"
        self.token_in, self.token_out = (base, other) if self.selling else (other, base)
        self.zero_for_one = self.token_in.key == pair.token0.key
        self.slip = slippage(world, asked.slippage_pct)
        self.amount_in, self.amount_out = self.amounts(base.raw(asked.amount))
        self.fixed = base.raw(asked.amount)
        self.least_out = int(self.amount_out * (1 - self.slip)) if self.selling else self.amount_out
        self.most_in = self.amount_in if self.selling else int(self.amount_in * (1 + self.slip))

    def amounts(self, fixed: int) -> tuple[int, int]:
        if self.selling:
            return fixed, self.pair.out_for(fixed, zero_for_one=self.zero_for_one)
        needed = self.pair.in_for(fixed, zero_for_one=self.zero_for_one)
        if needed is None:
            raise Internal("Failed to get swap quote")
        return needed, fixed

    def view(self) -> dict[str, object]:
        human_in, human_out = self.token_in.human(self.amount_in), self.token_out.human(self.amount_out)
        price = human_out / human_in if self.selling else human_in / human_out
        mid = float(self.pair.price) if self.zero_for_one == self.selling else 1 / float(self.pair.price)
        return {
            "poolAddress": self.pair.address,
            "tokenIn": self.token_in.address,
            "tokenOut": self.token_out.address,
            "amountIn": human_in,
            "amountOut": human_out,
            "price": price,
            "minAmountOut": self.token_out.human(self.least_out),
            "maxAmountIn": self.token_in.human(self.most_in),
            "priceImpactPct": abs(price / mid - 1) * 100,
            "slippagePct": float(self.slip * 100),
        }

    def swap(self, ledger: Ledger, owner: str) -> dict[str, int]:
        amount_in, amount_out = self.amounts(self.fixed)
        if amount_out < self.least_out:
            raise Reverted("UniswapV2Router: INSUFFICIENT_OUTPUT_AMOUNT")
        if amount_in > self.most_in:
            raise Reverted("UniswapV2Router: EXCESSIVE_INPUT_AMOUNT")
        self.pair.swap(ledger, owner, (amount_in, amount_out), zero_for_one=self.zero_for_one)
        return {"amount_in": amount_in}


def pair_quote(world: World, asked: QuotePoolSwap) -> dict[str, object]:
    network = world.evm(asked.network)
    return PairQuote(world, network, _asked_pair(world, network, asked), asked).view()


async def execute_pair_swap(world: World, asked: ExecuteSwap) -> dict[str, object]:
    network = world.evm(asked.network)
    owner = signer(world, asked.wallet_address)
    quote = PairQuote(world, network, _asked_pair(world, network, asked), asked)
    allowances.require(world, network, owner, {quote.token_in: quote.amount_in}, AMM)
    effect = partial(quote.swap, network.ledger, owner)
    parts = {"amount_in": quote.token_in}
    spending = partial(allowances.spending, effect, network.ledger, owner, AMM, parts)
    transaction = await confirm(world, network, owner, SPENDERS[AMM], spending)
    sold, bought = -quote.token_in.human(quote.amount_in), quote.token_out.human(quote.amount_out)
    base, other = (sold, bought) if quote.selling else (bought, sold)
    return answer(
        transaction,
        tokenIn=quote.token_in.address,
        tokenOut=quote.token_out.address,
        amountIn=-sold,
        amountOut=bought,
        fee=fee_of(),
        baseTokenBalanceChange=base,
        quoteTokenBalanceChange=other,
    )


def quote_liquidity(world: World, asked: PairLiquidity) -> dict[str, object]:
    pair = _pair(world, world.evm(asked.network), asked.pool_address)
    most0, most1 = pair.token0.raw(asked.base_token_amount), pair.token1.raw(asked.quote_token_amount)
    amount0, amount1 = pair.balanced(most0, most1)
    return {
        "baseLimited": amount0 == most0,
        "baseTokenAmount": pair.token0.human(amount0),
        "quoteTokenAmount": pair.token1.human(amount1),
        "baseTokenAmountMax": pair.token0.human(most0),
        "quoteTokenAmountMax": pair.token1.human(most1),
    }


async def add_liquidity(world: World, asked: PairLiquidity) -> dict[str, object]:
    network = world.evm(asked.network)
    owner = signer(world, asked.wallet_address)
    pair = _pair(world, network, asked.pool_address)
    raw0, raw1 = pair.token0.raw(asked.base_token_amount), pair.token1.raw(asked.quote_token_amount)
    _refuse_exponents(raw0, raw1)
    amount0, amount1 = pair.balanced(raw0, raw1)
    allowances.require(world, network, owner, {pair.token0: amount0, pair.token1: amount1}, AMM)
    effect = partial(pair.deposit, network.ledger, owner, amount0, amount1)
    parts = {"amount0": pair.token0, "amount1": pair.token1}
    spending = partial(allowances.spending, effect, network.ledger, owner, AMM, parts)
    transaction = await confirm(world, network, owner, SPENDERS[AMM], spending)
    return answer(
        transaction,
        fee=fee_of(),
        baseTokenAmountAdded=pair.token0.human(transaction.amounts["amount0"]),
        quoteTokenAmountAdded=pair.token1.human(transaction.amounts["amount1"]),
    )


async def remove_liquidity(world: World, asked: RemovePairLiquidity) -> dict[str, object]:
    network = world.evm(asked.network)
    owner = signer(world, asked.wallet_address)
    pair = _pair(world, network, asked.pool_address)
    shares = int(network.ledger.balance(pair.share.key, owner) * asked.percentage_to_remove / Decimal(100))
    if not shares:
        raise BadRequest("No liquidity position found for this pool")
    allowances.require(world, network, owner, {pair.share: shares}, AMM)
    effect = partial(_withdraw, pair, network.ledger, owner, shares)
    spending = partial(allowances.spending, effect, network.ledger, owner, AMM, {"shares": pair.share})
    transaction = await confirm(world, network, owner, SPENDERS[AMM], spending)
    return answer(
        transaction,
        fee=fee_of(),
        baseTokenAmountRemoved=pair.token0.human(transaction.amounts["amount0"]),
        quoteTokenAmountRemoved=pair.token1.human(transaction.amounts["amount1"]),
    )


def _withdraw(pair: V2Pair, ledger: Ledger, owner: str, shares: int) -> dict[str, int]:
    return {**pair.withdraw(ledger, owner, shares), "shares": shares}


def _pair(world: World, network: Network, address: str) -> V2Pair:
    pair = network.book.pair(address)
    if pair is None or not world.reaches(network):
        raise NotFound("Pool not found")
    return pair


def _asked_pair(world: World, network: Network, asked: ExecuteSwap | QuotePoolSwap) -> V2Pair:
    """By its address, or whatever pair there is of the two tokens: V2 has no more than one."""
    if asked.pool_address:
        return _pair(world, network, asked.pool_address)
    require_rpc(world, network)
    tokens: list[Token] = [resolve(world, network, each) for each in (asked.base_token, asked.quote_token) if each]
    found = [pair for pair in network.book.pairs.values() if all(pair.trades(token) for token in tokens)]
    if not found:
        raise NotFound(f"No AMM pool found for pair {asked.base_token}-{asked.quote_token}")
    return found[0]


def _refuse_exponents(*raw: int) -> None:
    for amount in raw:
        if amount >= EXPONENT_FROM:
            raise Internal(
                f'invalid BigNumber string (argument="value", value="{amount:.0e}", '
                "code=INVALID_ARGUMENT, version=bignumber/5.7.0)"
            )
