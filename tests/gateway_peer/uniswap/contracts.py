"""What Uniswap's contracts do when a transaction is mined; they check all before they change any."""

from dataclasses import dataclass

from tests.gateway_peer.chain.ledger import Ledger, Reverted
from tests.gateway_peer.uniswap import maths
from tests.gateway_peer.uniswap.book import Book
from tests.gateway_peer.uniswap.pools import Position, V3Pool


@dataclass(frozen=True)
class Deposit:
    """What the owner would give, and the least that the contract must take."""

    amount0: int
    amount1: int
    least0: int = 0
    least1: int = 0


@dataclass(frozen=True)
class SwapOrder:
    pool: V3Pool
    owner: str
    zero_for_one: bool
    amount: int
    exact_in: bool
    bound: int
    """The least that must come out, or the most that may go in."""


def swap(book: Book, ledger: Ledger, order: SwapOrder) -> dict[str, int]:
    trade = trade_of(book, order)
    if trade is None:
        raise Reverted("SPL")
    _check_bound(order, trade)
    source, target = (
        (order.pool.token0, order.pool.token1) if order.zero_for_one else (order.pool.token1, order.pool.token0)
    )
    ledger.take(source.key, order.owner, trade.amount_in)
    ledger.give(target.key, order.owner, trade.amount_out)
    _share_fee(book, order, trade.fee)
    order.pool.sqrt = trade.sqrt_after
    return {"amount_in": trade.amount_in, "amount_out": trade.amount_out}


def trade_of(book: Book, order: SwapOrder) -> maths.Trade | None:
    pool, liquidity = order.pool, book.liquidity(order.pool)
    if order.exact_in:
        return maths.swap_in(order.amount, liquidity, pool.sqrt, pool.fee, zero_for_one=order.zero_for_one)
    return maths.swap_out(order.amount, liquidity, pool.sqrt, pool.fee, zero_for_one=order.zero_for_one)


def _check_bound(order: SwapOrder, trade: maths.Trade) -> None:
    if order.exact_in and trade.amount_out < order.bound:
        raise Reverted("Too little received")
    if not order.exact_in and trade.amount_in > order.bound:
        raise Reverted("Too much requested")


def _share_fee(book: Book, order: SwapOrder, fee: int) -> None:
    total = book.liquidity(order.pool)
    for position in book.in_range(order.pool):
        share = fee * position.liquidity // total
        if order.zero_for_one:
            position.unseen0 += share
        else:
            position.unseen1 += share


def mint(book: Book, ledger: Ledger, draft: Position, deposit: Deposit) -> dict[str, int]:
    """``draft`` has no number yet."""
    taken = _deposit(ledger, draft, deposit)
    draft.id = book.next_id()
    book.positions[draft.id] = draft
    return {**taken, "id": draft.id}


def increase(book: Book, ledger: Ledger, position_id: int, deposit: Deposit) -> dict[str, int]:
    position = _existing(book, position_id)
    taken = _deposit(ledger, position, deposit)
    position.touch()
    return taken


def decrease(book: Book, ledger: Ledger, position_id: int, percentage: float) -> dict[str, int]:
    """Takes the fees out too: what it pays is principal and fees in one."""
    position = _existing(book, position_id)
    part = int(position.liquidity * percentage / 100)
    amount0, amount1 = maths.amounts_of(part, position.pool.sqrt, position.span)
    position.liquidity -= part
    fees = _pay_fees(ledger, position, amount0, amount1)
    return {"amount0": amount0 + fees[0], "amount1": amount1 + fees[1]}


def collect(book: Book, ledger: Ledger, position_id: int) -> dict[str, int]:
    fees = _pay_fees(ledger, _existing(book, position_id), 0, 0)
    return {"amount0": fees[0], "amount1": fees[1]}


def burn(book: Book, ledger: Ledger, position_id: int) -> dict[str, int]:
    paid = decrease(book, ledger, position_id, 100)
    del book.positions[position_id]
    return paid


def _existing(book: Book, position_id: int) -> Position:
    if position_id not in book.positions:
        raise Reverted("Invalid token ID")
    return book.positions[position_id]


def _deposit(ledger: Ledger, position: Position, deposit: Deposit) -> dict[str, int]:
    pool, span = position.pool, position.span
    liquidity = maths.liquidity_for(deposit.amount0, deposit.amount1, pool.sqrt, span)
    amount0, amount1 = maths.amounts_of(liquidity, pool.sqrt, span, up=True)
    if amount0 < deposit.least0 or amount1 < deposit.least1:
        raise Reverted("Price slippage check")
    ledger.require(pool.token0.key, position.owner, amount0)
    ledger.take(pool.token1.key, position.owner, amount1)
    ledger.take(pool.token0.key, position.owner, amount0)
    position.liquidity += liquidity
    return {"amount0": amount0, "amount1": amount1}


def _pay_fees(ledger: Ledger, position: Position, amount0: int, amount1: int) -> tuple[int, int]:
    position.touch()
    fees = position.owed0, position.owed1
    position.owed0 = position.owed1 = 0
    ledger.give(position.pool.token0.key, position.owner, amount0 + fees[0])
    ledger.give(position.pool.token1.key, position.owner, amount1 + fees[1])
    return fees
