"""Many barrier sets over one signal, with nothing kept of an executor but what it adds to the metrics."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.backtest.position import life_of
from aviary_strategies.backtest.position_terms import MARKET, Life, Terms
from aviary_strategies.backtest.quantise import quantised
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.backtest.sweep_books import BOOKS, EVENT, Events, await_life, book_until, close
from aviary_strategies.backtest.sweep_borrowing import borrowing
from aviary_strategies.backtest.sweep_compat import quick_compat
from aviary_strategies.backtest.sweep_equity import Worth, worth_of
from aviary_strategies.backtest.sweep_honest import quick_honest
from aviary_strategies.backtest.sweep_metrics import METRICS, count_in, finish
from aviary_strategies.backtest.sweep_prices import Prices, prices_of
from aviary_strategies.candles import Column
from aviary_strategies.kernels import inlined, kernel

__all__ = ["METRICS", "PARAMETERS", "Signals", "run_sets", "signals_of"]

Integers = NDArray[np.int64]
AT_ONCE: Final = 128
STRETCH: Final = 4096
"""So many sets go through so many rows before the next rows are looked at: both fit into a processor's cache."""
STOP_LOSS, TAKE_PROFIT, TIME_LIMIT, ACTIVATION, DELTA, COOLDOWN, SLOTS = range(7)
PARAMETERS: Final = (
    "stop_loss",
    "take_profit",
    "time_limit",
    "activation",
    "delta",
    "cooldown_s",
    "max_executors_per_side",
)


class Signals(NamedTuple):
    """The next row that buys, and the next that sells, at or after each row; the number of rows where there is none."""

    buys: NDArray[np.int64]
    sells: NDArray[np.int64]


class Tape(NamedTuple):
    """The market as all sets see it."""

    rows: Rows
    prices: Prices
    worth: Worth
    signals: Signals


class Account(NamedTuple):
    """Where one set is: the row at which each side is due next; by (side, slot) the rows of creation and of the end of
    executors, of which one that is over makes room for another; its books, what waits for them, and the metrics."""

    due: Integers
    begins: Integers
    ends: Integers
    books: Any
    events: Events
    line: Column


@kernel
def signals_of(signal: Column) -> Signals:
    count = len(signal)
    buys, sells = np.full(count + 2, count, np.int64), np.full(count + 2, count, np.int64)
    for row in range(count - 1, -1, -1):
        buys[row] = row if signal[row] > 0.0 else buys[row + 1]
        sells[row] = row if signal[row] < 0.0 else sells[row + 1]
    return Signals(buys, sells)


@inlined
def first_past(ts: Column, row: int, span_s: float, step_s: float) -> int:
    """The first row that opens more than ``span_s`` after ``row``."""
    past = len(ts)
    if span_s < (past - row) * step_s:
        past = min(past, row + 1 + int(span_s / step_s))
    while past - 1 > row and ts[past - 1] - ts[row] > span_s:
        past -= 1
    return past


@inlined
def blocked_until(rows: Rows, account: Account, row: int, slots: int, cooldown_s: float) -> int:
    """``row`` if one more may open where the executors of both sides count, else the first row at which that may have
    changed."""
    active, newest, earliest = 0, -1, len(rows.ts)
    for side in range(2):
        for slot in range(slots):
            if account.ends[side, slot] > row:
                active += 1
                newest = max(newest, account.begins[side, slot])
                earliest = min(earliest, account.ends[side, slot])
    if active >= slots:
        return earliest
    if newest < 0:
        return row
    return max(row, min(earliest, first_past(rows.ts, newest, cooldown_s, rows.step_s)))


@inlined
def due_after(rows: Rows, begins: Integers, ends: Integers, row: int, end: int, slots: int, cooldown_s: float) -> int:
    """Give the side's executor from ``row`` to ``end`` a slot; the first row at which the side may open another.

    The newest executor's end is as good as the cooldown: what was created before it has cooled down already."""
    oldest = 0
    for slot in range(1, slots):
        if ends[slot] < ends[oldest]:
            oldest = slot
    begins[oldest], ends[oldest] = row, end
    free = end
    for slot in range(slots):
        free = min(free, ends[slot])
    return max(free, min(end, first_past(rows.ts, row, cooldown_s, rows.step_s)))


@inlined
def opened(
    tape: Tape, account: Account, terms: Terms, row: int, side: int, total: float, slots: int, cooldown_s: float
) -> int:
    """Open an executor; the first row at which its side may open another."""
    rows, sign = tape.rows, 1 - 2 * side
    wanted = total / rows.close[row] / slots
    amount, price, rest = quantised(rows, row, sign, wanted, rows.close[row], 0.0, terms.open_type)
    if amount < 0.0:
        return row + 1
    book_until(account.books, account.events, tape.worth, row)
    if terms.open_type != MARKET:
        life = resting(rows, row, sign, amount, price, rest, terms)
    elif terms.is_honest:
        life = quick_honest(rows, tape.prices, row, side, amount, terms)
    else:
        life = quick_compat(rows, tape.prices, row, side, amount, terms)
    count_in(account.line, life, sign)
    end = max(life.end_row, row + 1)
    await_life(account.books, account.events, rows, tape.worth, sign * amount, life, end, terms.is_honest)
    return due_after(rows, account.begins[side], account.ends[side], row, end, slots, cooldown_s)


@kernel
def resting(rows: Rows, row: int, sign: int, amount: float, price: float, rest: float, terms: Terms) -> Life:
    """No controller of ours enters by a limit order, so nothing is made quick here."""
    return life_of(rows, row, sign, amount, price, rest, terms)


@borrowing
def run_on(tape: Tape, account: Account, terms: Terms, total: float, slots: int, cooldown_s: float, until: int) -> None:
    """Go on up to row ``until``; as ``run_directional``, but it leaps from row to row at which a side may open. In
    compat a sell signal counts the executors of both sides."""
    due = account.due
    while True:
        side = 0 if due[0] < due[1] else 1
        row = again = due[side]
        if row >= until:
            return
        if side == 1 and not terms.is_honest:
            again = blocked_until(tape.rows, account, row, slots, cooldown_s)
        if again <= row:
            again = opened(tape, account, terms, row, side, total, slots, cooldown_s)
        due[side] = tape.signals.buys[again] if side == 0 else tape.signals.sells[again]


@inlined
def with_barriers(terms: Terms, own: Column) -> Terms:
    return Terms(
        terms.is_honest,
        own[STOP_LOSS],
        own[TAKE_PROFIT],
        own[TIME_LIMIT] if own[TIME_LIMIT] == own[TIME_LIMIT] else np.inf,
        own[ACTIVATION],
        own[DELTA],
        terms.open_type,
        terms.take_profit_type,
        terms.trade_cost,
        terms.maker_fee,
        terms.taker_fee,
        terms.slippage,
        terms.latency_s,
    )


@kernel
def run_some(tape: Tape, terms: Terms, total: float, sets: Column, table: Column) -> None:
    """All of them through one stretch of rows after the other."""
    count, most = len(tape.rows.ts), int(sets[:, SLOTS].max())
    due = np.empty((len(sets), 2), np.int64)
    due[:, 0], due[:, 1] = tape.signals.buys[0], tape.signals.sells[0]
    begins, ends = np.zeros((len(sets), 2, most), np.int64), np.full((len(sets), 2, most), -1, np.int64)
    books, events = np.zeros(len(sets), BOOKS), np.zeros((len(sets), 4 * most), EVENT)
    table[:] = 0.0
    for start in range(0, count, STRETCH):
        for place in range(len(sets)):
            own = sets[place]
            account = Account(due[place], begins[place], ends[place], books[place], events[place], table[place])
            until = min(count, start + STRETCH)
            run_on(tape, account, with_barriers(terms, own), total, int(own[SLOTS]), own[COOLDOWN], until)
    for place in range(len(sets)):
        close(books[place], events[place], tape.worth)
        finish(table[place], books[place], tape.rows, total, terms.is_honest)


@kernel
def run_sets(rows: Rows, signals: Signals, terms: Terms, total: float, sets: Column, table: Column) -> None:
    """Fill ``table`` (sets, METRICS) for ``sets`` (sets, PARAMETERS); a parameter that is NaN is off."""
    tape = Tape(rows, prices_of(rows, terms.is_honest), worth_of(rows), signals)
    for first in range(0, len(sets), AT_ONCE):
        end = first + AT_ONCE
        run_some(tape, terms, total, sets[first:end], table[first:end])
