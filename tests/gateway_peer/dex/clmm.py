"""Reading V3 pools and positions, in the two orientations that Gateway uses."""

from dataclasses import dataclass
from decimal import Decimal, localcontext

from tests.gateway_peer.chain.network import Network
from tests.gateway_peer.chain.tokens import Token
from tests.gateway_peer.dex.swaps import found_if_alive
from tests.gateway_peer.errors import BadRequest, Internal
from tests.gateway_peer.schemas import PoolAsked, PositionAsked, QuotePosition, WalletAsked
from tests.gateway_peer.sending import default_wallet, require_rpc
from tests.gateway_peer.uniswap import maths
from tests.gateway_peer.uniswap.pools import Position, V3Pool
from tests.gateway_peer.world import World


def pool_info(world: World, asked: PoolAsked) -> dict[str, object]:
    """Base is token0, the price token1 per token0; the amounts are the liquidity by another name."""
    network = world.evm(asked.network)
    pool = found_if_alive(world, network, network.book.pool(asked.pool_address))
    liquidity = network.book.liquidity(pool)
    return {
        "address": pool.address,
        "baseTokenAddress": pool.token0.address,
        "quoteTokenAddress": pool.token1.address,
        "feePct": pool.fee / 10_000,
        "price": float(pool.price),
        "baseTokenAmount": pool.token0.human(liquidity),
        "quoteTokenAmount": pool.token1.human(liquidity),
        "activeBinId": pool.tick,
        "binStep": pool.spacing,
    }


def position_info(world: World, asked: PositionAsked) -> dict[str, object]:
    network = world.evm(asked.network)
    position = network.book.position(asked.position_address)
    if position is None or not world.reaches(network):
        raise Internal("Failed to get position info")
    return position_view(position)


def positions_owned(world: World, asked: WalletAsked) -> list[dict[str, object]]:
    """In all pools, whichever pool was asked for."""
    network = world.evm(asked.network)
    require_rpc(world, network)
    owner = default_wallet(world, asked.wallet_address)
    return [position_view(each) for each in network.book.owned_by(owner)]


def position_view(position: Position) -> dict[str, object]:
    """WETH is the base even as token1, and yet the prices stay token1 per token0."""
    pool = position.pool
    amounts, fees = position.amounts(), (position.owed0, position.owed1)
    base, quote = sides(position)
    return {
        "address": str(position.id),
        "poolAddress": pool.address,
        "baseTokenAddress": base.token.address,
        "quoteTokenAddress": quote.token.address,
        "baseTokenAmount": base.of(amounts),
        "quoteTokenAmount": quote.of(amounts),
        "baseFeeAmount": base.of(fees),
        "quoteFeeAmount": quote.of(fees),
        "lowerBinId": position.lower_tick,
        "upperBinId": position.upper_tick,
        "lowerPrice": tick_price(pool, position.lower_tick),
        "upperPrice": tick_price(pool, position.upper_tick),
        "price": float(pool.price),
    }


@dataclass(frozen=True)
class OneSide:
    token: Token
    at: int
    """0 or 1: which of the pool's tokens it is."""

    def of(self, amounts: tuple[int, int]) -> float:
        return self.token.human(amounts[self.at])


def sides(position: Position) -> tuple[OneSide, OneSide]:
    """Base and quote of everything that begins from a position: WETH is the base where it is one of the two."""
    zero, one = OneSide(position.pool.token0, 0), OneSide(position.pool.token1, 1)
    return (one, zero) if position.pool.token1.symbol == "WETH" else (zero, one)


def tick_price(pool: V3Pool, tick: int) -> float:
    with localcontext(maths.EXACT):
        return float(pool.human_price(maths.TICK_BASE**tick))


@dataclass(frozen=True)
class Plan:
    """A position that somebody might open: ticks, and raw amounts of token0 and token1 for them."""

    pool: V3Pool
    lower_tick: int
    upper_tick: int
    wanted: tuple[int, int]

    @property
    def span(self) -> maths.Range:
        return maths.range_of(self.lower_tick, self.upper_tick)

    @property
    def liquidity(self) -> int:
        return maths.liquidity_for(*self.wanted, self.pool.sqrt, self.span)

    @property
    def amounts(self) -> tuple[int, int]:
        return maths.amounts_of(self.liquidity, self.pool.sqrt, self.span, up=True)

    @property
    def is_one_sided(self) -> bool:
        """The present price is outside the range: one token alone fills it."""
        return not self.span.low < self.pool.sqrt < self.span.high

    def least(self, slip: Decimal) -> tuple[int, int]:
        """What remains of the amounts if the price moves by the slippage, one way and the other."""
        with localcontext(maths.EXACT):
            up, down = self.pool.sqrt * (1 + slip).sqrt(), self.pool.sqrt * (1 - slip).sqrt()
        liquidity, span = self.liquidity, self.span
        return maths.amounts_of(liquidity, up, span)[0], maths.amounts_of(liquidity, down, span)[1]


def plan(world: World, network: Network, asked: QuotePosition) -> Plan:
    """Base is token0 and the prices are token1 per token0, whatever the caller thinks."""
    pool = found_if_alive(world, network, network.book.pool(asked.pool_address))
    lower, upper = _ticks(pool, asked)
    return Plan(pool, lower, upper, _wanted(pool, asked, maths.range_of(lower, upper)))


def quote_position(world: World, asked: QuotePosition) -> dict[str, object]:
    found = plan(world, world.evm(asked.network), asked)
    amount0, amount1 = found.amounts
    pool, (most0, most1) = found.pool, found.wanted
    return {
        "baseLimited": most0 * amount1 <= most1 * amount0 if amount0 and amount1 else bool(amount0),
        "baseTokenAmount": pool.token0.human(amount0),
        "quoteTokenAmount": pool.token1.human(amount1),
        "baseTokenAmountMax": pool.token0.human(most0),
        "quoteTokenAmountMax": pool.token1.human(most1),
        "liquidity": found.liquidity,
    }


def _ticks(pool: V3Pool, asked: QuotePosition) -> tuple[int, int]:
    if not 0 < asked.lower_price < asked.upper_price:
        raise BadRequest("Lower price must be less than upper price")
    lower = maths.nearest_tick(pool.raw_price(asked.lower_price), pool.spacing)
    upper = maths.nearest_tick(pool.raw_price(asked.upper_price), pool.spacing)
    if lower >= upper:
        raise BadRequest("Lower price must be less than upper price")
    return lower, upper


def _wanted(pool: V3Pool, asked: QuotePosition, span: maths.Range) -> tuple[int, int]:
    """Of an amount that is not given, as much as the other one needs."""
    if asked.base_token_amount is None and asked.quote_token_amount is None:
        raise BadRequest("Missing required parameters")
    plenty = 2**200
    base = pool.token0.raw(asked.base_token_amount) if asked.base_token_amount is not None else plenty
    quote = pool.token1.raw(asked.quote_token_amount) if asked.quote_token_amount is not None else plenty
    liquidity = maths.liquidity_for(base, quote, pool.sqrt, span)
    needed = maths.amounts_of(liquidity, pool.sqrt, span, up=True)
    return (base if base != plenty else needed[0], quote if quote != plenty else needed[1])
