"""Executors as a result tells them, from either path."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.actions import Spec
from aviary_strategies.backtest import records as at
from aviary_strategies.backtest.executors import Executors, entry_of, side_of
from aviary_strategies.backtest.model import Mode
from aviary_strategies.backtest.records import Records, in_order_of_ending
from aviary_strategies.backtest.result import Ended
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.candles import Column
from aviary_strategies.kernels import kernel
from aviary_strategies.types import CloseType, Side

Integers = NDArray[np.int64]
_EARLY_STOP = int(CloseType.EARLY_STOP)


class Collected(NamedTuple):
    """``shown[i]`` is the row at which executor i is first seen ended: the number of rows if that is after the last."""

    executors: Executors
    shown: Integers


def collect(records: Records, count: int, templates: Sequence[Spec], rows: Rows, mode: Mode) -> Collected:
    whole, floats = _by_ending(records.whole[:count], records.floats[:count], len(rows.ts), mode is Mode.COMPAT)
    ts = _clock(rows, mode)
    sign, filled = whole[at.SIGN], whole[at.FILLED]
    executors = Executors(
        number=whole[at.WHOLE + 1],
        template=whole[at.TEMPLATE],
        side=np.where(sign > 0, int(Side.BUY), np.where(sign < 0, int(Side.SELL), 0)),
        close_type=whole[at.CLOSE_TYPE],
        created_row=whole[at.CREATED],
        fill_row=filled,
        end_row=whole[at.ENDED],
        created_s=ts[whole[at.CREATED]],
        closed_s=ts[whole[at.ENDED]],
        fill_s=np.where(filled < 0, 0.0, ts[filled]),
        amount=floats[at.AMOUNT],
        entry_price=floats[at.PRICE],
        entry_price_rest=floats[at.REST],
        fill_price=floats[at.FILL_PRICE],
        close_price=floats[at.CLOSE_PRICE],
        net_pnl_pct=floats[at.PCT],
        net_pnl_quote=floats[at.PNL],
        fees_quote=floats[at.FEES],
        filled_quote=floats[at.VOLUME],
        templates=tuple(templates),
    )
    return Collected(executors, whole[at.WHOLE])


def collect_ended(ended: Sequence[Ended], rows: Rows, mode: Mode) -> Collected:
    """Each has a template of its own; those that ended at one row stay in their order."""
    whole = np.zeros((len(ended), at.WHOLE), np.int64)
    floats = np.zeros((len(ended), at.FLOATS))
    for place, each in enumerate(ended):
        end, side = each.end, side_of(each.spec)
        sign = 0 if side is None else side.sign
        whole[place] = (each.created_row, each.fill_row, end.row, end.close_type, place, sign)
        amount, price, rest = entry_of(each.spec)
        floats[place] = (
            *(amount, price, rest, each.fill_price, 0.0, end.close_price),
            *(end.net_pnl_pct, end.net_pnl_quote, end.fees_quote, end.filled_quote),
        )
    collected = collect(Records(whole, floats), len(ended), [each.spec for each in ended], rows, mode)
    collected.executors.number[:] = np.array([each.number for each in ended], np.int64)[collected.executors.number]
    return collected


def _clock(rows: Rows, mode: Mode) -> Column:
    """What the clock shows when a row is decided."""
    return rows.ts if mode is Mode.COMPAT else rows.ts + rows.step_s


@kernel
def _by_ending(whole: Integers, floats: Column, rows: int, is_compat: bool) -> tuple[Integers, Column]:
    """Records as columns, in the order of ending; two whole numbers more: the row at which the end is seen, and the
    place the record had."""
    count = len(whole)
    shown = np.empty(count, np.int64)
    stopped = np.zeros(count, np.bool_)
    for place in range(count):
        end = whole[place, at.ENDED]
        is_open = whole[place, at.FILLED] >= 0
        if whole[place, at.CLOSE_TYPE] == _EARLY_STOP and (is_compat or (not is_open and end < rows - 1)):
            stopped[place] = True
            shown[place] = end + 1
        else:
            shown[place] = max(end, whole[place, at.CREATED] + 1)
    order = in_order_of_ending(shown - stopped, stopped, rows)
    whole_columns = np.empty((at.WHOLE + 2, count), np.int64)
    columns = np.empty((at.FLOATS, count))
    for target in range(count):
        place = order[target]
        for column in range(at.WHOLE):
            whole_columns[column, target] = whole[place, column]
        for column in range(at.FLOATS):
            columns[column, target] = floats[place, column]
        whole_columns[at.WHOLE, target] = shown[place]
        whole_columns[at.WHOLE + 1, target] = place
    return whole_columns, columns
