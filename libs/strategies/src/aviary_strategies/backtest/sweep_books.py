"""The books of one barrier set, kept from event to event: what each fill and each end does to its curves."""

from typing import Any, Final, Protocol, get_type_hints

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.backtest.rows import Rows
from aviary_strategies.backtest.sweep_borrowing import borrowing
from aviary_strategies.backtest.sweep_equity import Worth, squares_between
from aviary_strategies.backtest.sweep_prices import SHIFT
from aviary_strategies.kernels import inlined


class Books(Protocol):
    """The closed PnL: its level since a row, the highest one and the deepest fall from it, and sums over the rows.

    The equity at the closes: the row that is not over yet and its step so far, base units held from then on, how many
    positions those are and the first row with any; the equity before that row, its peak and deepest fall, sums of the
    squares of its steps and of its losing steps, and how many rows were spent in the market."""

    waiting: int
    since: int
    level: float
    level_peak: float
    level_fall: float
    levels: float
    level_squares: float
    row: int
    step: float
    units: float
    positions: int
    entered: int
    equity: float
    peak: float
    fall: float
    squares: float
    losses: float
    covered: int


class Event(Protocol):
    """A fill or an end, by its row: base units that come or go, positions that do, what that does to the equity at
    once, and to the closed PnL."""

    row: int
    units: float
    positions: int
    step: float
    pnl: float


def _record(told: type) -> "np.dtype[np.void]":
    return np.dtype([(name, np.int64 if kind is int else np.float64) for name, kind in get_type_hints(told).items()])


BOOKS: Final = _record(Books)
EVENT: Final = _record(Event)
Events = NDArray[Any]


@inlined
def await_event(books: Books, events: Events, row: int, units: float, positions: int, step: float, pnl: float) -> None:
    """Events wait with the next one last; of those in one row what came in last goes out first."""
    place = books.waiting
    while place > 0 and events[place - 1].row < row:
        events[place] = events[place - 1]
        place -= 1
    event = events[place]
    event.row, event.units, event.positions, event.step, event.pnl = row, units, positions, step, pnl
    books.waiting += 1


@inlined
def end_level(books: Books, row: int) -> None:
    length = row - books.since
    books.level_peak = max(books.level_peak, books.level)
    books.level_fall = min(books.level_fall, books.level - books.level_peak)
    books.levels += books.level * length
    books.level_squares += books.level * books.level * length
    books.since = row


@inlined
def end_row(books: Books) -> None:
    """Take the step of the row into the equity."""
    step = books.step
    books.equity += step
    books.squares += step * step
    books.losses += min(step, 0.0) * step
    books.peak = max(books.peak, books.equity)
    books.fall = min(books.fall, books.equity - books.peak)


@inlined
def hold(books: Books, worth: Worth, row: int) -> None:
    """Go on to ``row`` with what is held."""
    first, last, units = books.row, row - 1, books.units
    end_row(books)
    books.row = row
    if books.positions == 0:
        books.step = 0.0
        return
    if last > first:
        falls, rises = squares_between(worth, first, last)
        square = units * units
        books.squares += square * (falls + rises)
        books.losses += square * (falls if units > 0.0 else rises)
        fall_while_held(books, worth, first, last)
        books.equity += units * (worth.value[last] - worth.value[first])
    books.step = units * (worth.value[row] - worth.value[last])


@inlined
def fall_while_held(books: Books, worth: Worth, first: int, last: int) -> None:
    """Peak and deepest fall of the equity after row ``first`` up to ``last``. Rows are gone through where a block may
    change either and its lowest and highest alone do not tell how."""
    units, peak, fall = books.units, books.peak, books.fall
    base = books.equity - units * worth.value[first]
    worst_of, best_of = (worth.lowest, worth.highest) if units > 0.0 else (worth.highest, worth.lowest)
    row = first + 1
    while row <= last:
        block = row >> SHIFT
        begin, end = block << SHIFT, (block + 1) << SHIFT
        low, high = base + units * worst_of[block], base + units * best_of[block]
        if high > peak or low - peak < fall:
            is_whole = row == begin and end <= last + 1
            if is_whole and high <= peak:
                fall = low - peak
            elif is_whole and low - high >= fall:
                peak = high
            else:
                for at in range(row, min(last + 1, end)):
                    equity = base + units * worth.value[at]
                    peak = max(peak, equity)
                    fall = min(fall, equity - peak)
        row = end
    books.peak, books.fall = peak, fall


@inlined
def book_until(books: Books, events: Events, worth: Worth, now: int) -> None:
    """Take in what happens up to row ``now``."""
    while books.waiting > 0:
        event = events[books.waiting - 1]
        if event.row > now:
            break
        books.waiting -= 1
        if event.row > books.since and event.pnl != 0.0:
            end_level(books, event.row)
        books.level += event.pnl
        if event.row > books.row:
            hold(books, worth, event.row)
        books.step += event.step
        if books.positions == 0:
            books.entered = event.row
        books.units += event.units
        books.positions += event.positions
        if books.positions == 0:
            books.units = 0.0
            books.covered += event.row - books.entered


@inlined
def await_life(
    books: Books, events: Events, rows: Rows, worth: Worth, signed: float, life: Any, end_row: int, is_honest: bool
) -> None:
    """The end goes in before the fill, so that in one row it comes out after it."""
    if life.fill_row < 0:
        return
    if not is_honest:
        await_event(books, events, end_row, 0.0, 0, 0.0, life.net_pnl_quote)
        return
    base = life.fill_price - rows.funding[life.fill_row]
    gained = signed * (worth.value[life.end_row] - base) - life.entry_fee
    await_event(books, events, life.end_row, -signed, -1, life.net_pnl_quote - gained, life.net_pnl_quote)
    gained = signed * (worth.value[life.fill_row] - base) - life.entry_fee
    await_event(books, events, life.fill_row, signed, 1, gained, 0.0)


@borrowing
def close(books: Books, events: Events, worth: Worth) -> None:
    """Take in all that is left, up to the last row."""
    count = len(worth.value)
    book_until(books, events, worth, count - 1)
    end_level(books, count)
    end_row(books)
