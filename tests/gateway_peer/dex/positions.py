"""Opening, changing and closing V3 positions."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial

from tests.gateway_peer.chain.network import Network
from tests.gateway_peer.chain.tokens import POSITION_MANAGER, Token
from tests.gateway_peer.dex import allowances
from tests.gateway_peer.dex.clmm import Plan, plan, sides
from tests.gateway_peer.dex.swaps import slippage
from tests.gateway_peer.errors import BadRequest, Internal
from tests.gateway_peer.schemas import AddLiquidity, OpenPosition, PositionAsked, RemoveLiquidity
from tests.gateway_peer.sending import answer, confirm, fee_of, require_rpc, signer
from tests.gateway_peer.uniswap import contracts
from tests.gateway_peer.uniswap.contracts import Deposit
from tests.gateway_peer.uniswap.pools import Position
from tests.gateway_peer.world import World

CLMM = "uniswap/clmm"
NOT_OPENED = "Failed to open position"


async def open_position(world: World, asked: OpenPosition) -> dict[str, object]:
    """Base is token0 here, other than in all that begins from a position."""
    network = world.evm(asked.network)
    owner = signer(world, asked.wallet_address)
    found = plan(world, network, asked)
    if found.is_one_sided and all(found.wanted):
        raise Internal(NOT_OPENED)
    draft = Position(0, owner, found.pool, found.lower_tick, found.upper_tick)
    deposit = _deposit(world, network, draft, found, asked.slippage_pct)
    effect = partial(contracts.mint, network.book, network.ledger, draft, deposit)
    spending = partial(allowances.spending, effect, network.ledger, owner, CLMM, _parts(draft))
    transaction = await confirm(world, network, owner, POSITION_MANAGER, spending, lost=NOT_OPENED)
    return answer(
        transaction,
        fee=fee_of(),
        positionAddress=str(transaction.amounts["id"]),
        positionRent=0,
        baseTokenAmountAdded=found.pool.token0.human(transaction.amounts["amount0"]),
        quoteTokenAmountAdded=found.pool.token1.human(transaction.amounts["amount1"]),
    )


async def add_liquidity(world: World, asked: AddLiquidity) -> dict[str, object]:
    network, owner, position = _own(world, asked)
    base, _ = sides(position)
    wanted = (asked.base_token_amount, asked.quote_token_amount)
    amount0, amount1 = wanted if base.at == 0 else reversed(wanted)
    pool = position.pool
    raw = pool.token0.raw(amount0), pool.token1.raw(amount1)
    found = Plan(pool, position.lower_tick, position.upper_tick, raw)
    deposit = _deposit(world, network, position, found, asked.slippage_pct)
    effect = partial(contracts.increase, network.book, network.ledger, position.id, deposit)
    spending = partial(allowances.spending, effect, network.ledger, owner, CLMM, _parts(position))
    transaction = await confirm(world, network, owner, POSITION_MANAGER, spending)
    return answer(transaction, fee=fee_of(), **_told(position, transaction.amounts, "TokenAmountAdded"))


async def remove_liquidity(world: World, asked: RemoveLiquidity) -> dict[str, object]:
    network, owner, position = _own(world, asked)
    effect = partial(contracts.decrease, network.book, network.ledger, position.id, asked.percentage_to_remove)
    transaction = await confirm(world, network, owner, POSITION_MANAGER, effect)
    return answer(transaction, fee=fee_of(), **_told(position, transaction.amounts, "TokenAmountRemoved"))


async def collect_fees(world: World, asked: PositionAsked) -> dict[str, object]:
    """Only of what a touch has made visible."""
    network, owner, position = _own(world, asked)
    if not position.owed0 and not position.owed1:
        raise BadRequest("No fees to collect")
    effect = partial(contracts.collect, network.book, network.ledger, position.id)
    transaction = await confirm(world, network, owner, POSITION_MANAGER, effect)
    return answer(transaction, fee=fee_of(), **_told(position, transaction.amounts, "FeeAmountCollected"))


async def close_position(world: World, asked: PositionAsked) -> dict[str, object]:
    """Fees that nobody has touched come out as principal; those seen before are told apart."""
    network, owner, position = _own(world, asked)
    seen = {"amount0": position.owed0, "amount1": position.owed1}
    effect = partial(contracts.burn, network.book, network.ledger, position.id)
    transaction = await confirm(world, network, owner, POSITION_MANAGER, effect)
    principal = {name: transaction.amounts[name] - seen[name] for name in seen}
    return answer(
        transaction,
        fee=fee_of(),
        positionRentRefunded=0,
        **_told(position, principal, "TokenAmountRemoved"),
        **_told(position, seen, "FeeAmountCollected"),
    )


def _own(world: World, asked: PositionAsked) -> tuple[Network, str, Position]:
    network = world.evm(asked.network)
    owner = signer(world, asked.wallet_address)
    require_rpc(world, network)
    position = network.book.position(asked.position_address)
    if position is None:
        raise BadRequest(f"Invalid position ID {asked.position_address}")
    if position.owner.lower() != owner.lower():
        raise BadRequest(f"Position {position.id} is not owned by wallet {owner}")
    return network, owner, position


def _deposit(world: World, network: Network, position: Position, found: Plan, slippage_pct: Decimal | None) -> Deposit:
    amounts = found.amounts
    needs = dict(zip((found.pool.token0, found.pool.token1), amounts, strict=True))
    allowances.require(world, network, position.owner, needs, CLMM)
    for token, amount in needs.items():
        if network.ledger.balance(token.key, position.owner) < amount:
            raise BadRequest(f"Insufficient {token.symbol} balance. Required: {token.text(amount)}")
    least = found.least(slippage(world, slippage_pct))
    return Deposit(*amounts, *(min(pair) for pair in zip(amounts, least, strict=True)))


def _parts(position: Position) -> dict[str, Token]:
    return {"amount0": position.pool.token0, "amount1": position.pool.token1}


def _told(position: Position, amounts: Mapping[str, int], what: str) -> dict[str, object]:
    base, quote = sides(position)
    pair = amounts["amount0"], amounts["amount1"]
    return {f"base{what}": base.of(pair), f"quote{what}": quote.of(pair)}
