"""Quotes and swaps: over the router, which is sound, and in one pool, which has its price limits wrong."""

from decimal import Decimal
from functools import partial

from tests.gateway_peer.chain.ledger import Reverted
from tests.gateway_peer.chain.network import Network
from tests.gateway_peer.chain.tokens import SPENDERS, Token
from tests.gateway_peer.chain.transactions import Effect, Transaction
from tests.gateway_peer.dex import allowances
from tests.gateway_peer.errors import BadRequest, Internal, NotFound
from tests.gateway_peer.quotes import Quote
from tests.gateway_peer.schemas import ExecuteQuote, ExecuteSwap, QuotePoolSwap, QuoteSwap
from tests.gateway_peer.sending import NO_RECEIPT, confirm, fee_of, require_rpc, resolve, send, signer
from tests.gateway_peer.uniswap import contracts
from tests.gateway_peer.uniswap.contracts import SwapOrder
from tests.gateway_peer.uniswap.pools import V3Pool
from tests.gateway_peer.world import World

CLMM_SWAP = "uniswap/clmm/swap"


def quote_in(world: World, network: Network, pool: V3Pool, asked: QuoteSwap | ExecuteSwap) -> Quote | None:
    """None when the pool can't give so much."""
    base, quote = resolve(world, network, asked.base_token), resolve(world, network, asked.quote_token)
    selling = asked.side == "SELL"
    source, target = (base, quote) if selling else (quote, base)
    order = SwapOrder(pool, "", source.key == pool.token0.key, base.raw(asked.amount), selling, 0)
    trade = contracts.trade_of(network.book, order)
    if trade is None:
        return None
    slip = slippage(world, asked.slippage_pct)
    bound = int(trade.amount_out * (1 - slip)) if selling else int(trade.amount_in * (1 + slip))
    return Quote(pool, source, target, trade.amount_in, trade.amount_out, asked.side, bound, trade.sqrt_after)


def slippage(world: World, asked: Decimal | None) -> Decimal:
    """As a fraction."""
    given = asked if asked is not None else Decimal(str(world.config.get("uniswap")["slippagePct"]))
    return given / 100


def best_quote(world: World, asked: QuoteSwap | ExecuteSwap) -> Quote:
    """The cheapest pool on chain, whether Gateway's list has it or not."""
    network = world.evm(asked.network)
    require_rpc(world, network)
    base, quote = resolve(world, network, asked.base_token), resolve(world, network, asked.quote_token)
    pools = network.book.pools_of(base, quote) if base != quote else []
    found = [each for pool in pools if (each := quote_in(world, network, pool, asked)) is not None]
    if not found:
        raise NotFound(f"No route found for {asked.base_token}-{asked.quote_token}")
    return max(found, key=lambda each: (each.amount_out, -each.amount_in))


def quote_view(quote: Quote) -> dict[str, object]:
    return {
        "tokenIn": quote.token_in.address,
        "tokenOut": quote.token_out.address,
        "amountIn": quote.human_in,
        "amountOut": quote.human_out,
        "price": quote.price,
        "priceImpactPct": impact_pct(quote),
        "minAmountOut": quote.least_out,
        "maxAmountIn": quote.most_in,
    }


def impact_pct(quote: Quote) -> float:
    before, after = quote.pool.sqrt, quote.price_after
    return float(abs(after * after / (before * before) - 1) * 100)


def router_quote(world: World, asked: QuoteSwap) -> dict[str, object]:
    quote = best_quote(world, asked)
    route = f"{quote.token_in.symbol} -> {quote.token_out.symbol}"
    return {"quoteId": world.quotes.keep(quote), **quote_view(quote), "routePath": route}


async def execute_quote(world: World, asked: ExecuteQuote) -> dict[str, object]:
    quote = world.quotes.kept.get(asked.quote_id)
    if quote is None:
        raise BadRequest("Quote not found or expired")
    answer = await execute_routed(world, asked.network, asked.wallet_address, quote)
    if answer["status"] == 1:
        world.quotes.kept.pop(asked.quote_id, None)
    return answer


async def execute_swap(world: World, asked: ExecuteSwap) -> dict[str, object]:
    return await execute_routed(world, asked.network, asked.wallet_address, best_quote(world, asked))


async def execute_routed(world: World, network_name: str, wallet: str | None, quote: Quote) -> dict[str, object]:
    """The only sending that answers cleanly when the transaction is not mined in time."""
    network, owner = world.evm(network_name), signer(world, wallet)
    require_rpc(world, network)
    allowances.require(world, network, owner, {quote.token_in: quote.amount_in}, allowances.ROUTER)
    effect = _swapping(network, owner, quote, allowances.ROUTER)
    try:
        transaction = await send(world, network, owner, SPENDERS[allowances.ROUTER], effect)
    except Internal as failure:
        raise Internal(f"Failed to execute swap: {failure.message}") from failure
    if not transaction.is_mined:
        return {"signature": transaction.hash, "status": 0}
    return swapped(transaction, quote)


def swapped(transaction: Transaction, quote: Quote) -> dict[str, object]:
    """The quoted amounts, whatever was really swapped."""
    sold, bought = -quote.human_in, quote.human_out
    base, other = (sold, bought) if quote.side == "SELL" else (bought, sold)
    data = {
        "tokenIn": quote.token_in.address,
        "tokenOut": quote.token_out.address,
        "amountIn": quote.human_in,
        "amountOut": quote.human_out,
        "fee": fee_of(),
        "baseTokenBalanceChange": base,
        "quoteTokenBalanceChange": other,
    }
    return {"signature": transaction.hash, "status": 1, "data": data}


def pool_quote(world: World, asked: QuotePoolSwap) -> dict[str, object]:
    network = world.evm(asked.network)
    pool = _asked_pool(world, network, asked)
    other = asked.quote_token or _other(resolve(world, network, asked.base_token), pool).address
    quote = quote_in(
        world, network, pool, QuoteSwap.model_validate({**asked.model_dump(by_alias=True), "quoteToken": other})
    )
    if quote is None:
        raise Internal("Failed to get swap quote")
    slip_pct = float(slippage(world, asked.slippage_pct) * 100)
    return {"poolAddress": pool.address, **quote_view(quote), "slippagePct": slip_pct}


async def execute_pool_swap(world: World, asked: ExecuteSwap) -> dict[str, object]:
    """In the pool that Gateway's list has for the pair, whichever the caller named."""
    network = world.evm(asked.network)
    pool = listed_pool(world, network, asked.base_token, asked.quote_token)
    owner = signer(world, asked.wallet_address)
    quote = quote_in(world, network, pool, asked)
    if quote is None:
        raise Internal("Failed to execute swap")
    allowances.require(world, network, owner, {quote.token_in: quote.amount_in}, CLMM_SWAP)
    effect = _swapping(network, owner, quote, CLMM_SWAP)
    if quote.side == "SELL":
        effect = partial(_with_wrong_limit, effect, quote)
    transaction = await confirm(world, network, owner, SPENDERS[CLMM_SWAP], effect, lost=NO_RECEIPT)
    return swapped(transaction, quote)


def listed_pool(world: World, network: Network, base: str, quote: str) -> V3Pool:
    one, other = resolve(world, network, base), resolve(world, network, quote)
    stored = world.listings.stored("uniswap", network.name, "clmm")
    address = next((each.address for each in stored if each.pairs(one.symbol, other.symbol)), "")
    pool = network.book.pool(address)
    if pool is None:
        raise NotFound(f"No CLMM pool found for pair {base}-{quote}")
    return found_if_alive(world, network, pool)


def found_if_alive(world: World, network: Network, pool: V3Pool | None) -> V3Pool:
    """A dead RPC looks like a pool that does not exist."""
    if pool is None or not world.reaches(network):
        raise NotFound("Pool not found")
    return pool


def _asked_pool(world: World, network: Network, asked: QuotePoolSwap) -> V3Pool:
    if asked.pool_address:
        return found_if_alive(world, network, network.book.pool(asked.pool_address))
    if not asked.quote_token:
        raise BadRequest("Either poolAddress or quoteToken must be provided")
    return listed_pool(world, network, asked.base_token, asked.quote_token)


def _other(token: Token, pool: V3Pool) -> Token:
    if not pool.trades(token):
        raise BadRequest(f"Token {token.symbol} not found in pool {pool.address}")
    return pool.token1 if token.key == pool.token0.key else pool.token0


def _swapping(network: Network, owner: str, quote: Quote, word: str) -> Effect:
    selling = quote.side == "SELL"
    amount = quote.amount_in if selling else quote.amount_out
    order = SwapOrder(quote.pool, owner, quote.zero_for_one, amount, selling, quote.bound)
    effect = partial(contracts.swap, network.book, network.ledger, order)
    return partial(allowances.spending, effect, network.ledger, owner, word, {"amount_in": quote.token_in})


def _with_wrong_limit(effect: Effect, quote: Quote) -> dict[str, int]:
    """The limit is the average price in the trade's direction: for token1 it is upside down, for token0 too near."""
    average = Decimal(quote.amount_out) / Decimal(quote.amount_in)
    if not quote.zero_for_one or quote.price_after * quote.price_after < average:
        raise Reverted("SPL")
    return dict(effect())
