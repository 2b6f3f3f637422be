"""The questions to TradeFill that a plain page does not answer: every fill by its time, and the fees so far."""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from aviary_orchestration.archives.rows import Trade
from aviary_orchestration.archives.shapes import Shape, quoted


class Market(NamedTuple):
    connector_name: str
    trading_pair: str


class Fill(NamedTuple):
    """``price``, ``amount`` and ``fee_quote`` are whole numbers of millionths, as stored."""

    connector_name: str
    trading_pair: str
    trade_type: str
    timestamp: int
    price: int
    amount: int
    fee_quote: int


RawFill = tuple[str, str, str, int, int, int, int]
"""A ``Fill`` before somebody keeps it: there may be millions."""

FeeGroup = tuple[str | None, str | None, str | None]
"""Config, connector and pair, whose fees are summed."""

GROUP: Final = ("config_file_path", "market", "symbol")
FEW: Final = 32
"""So many sums are quicker side by side in one pass than by sorting the whole table."""

MARKETS: Final = """
    SELECT coalesce(CAST(market AS TEXT), '') AS connector, coalesce(CAST(symbol AS TEXT), '') AS pair, sum(fills)
    FROM (SELECT market, symbol, count(*) AS fills FROM TradeFill GROUP BY market, symbol)
    GROUP BY connector, pair
"""


def fills_query(present: Collection[str]) -> str:
    """Rows of ``RawFill``."""
    texts = [f"coalesce(CAST({_or_null(name, present)} AS TEXT), '')" for name in ("market", "symbol", "trade_type")]
    numbers = [_integer(name, present) for name in ("timestamp", "price", "amount", FEE)]
    return f"SELECT {', '.join([*texts, *numbers])} FROM TradeFill ORDER BY {numbers[0]}, rowid"  # noqa: S608


def page_query(shape: Shape[Trade], present: Collection[str]) -> str:
    """Rows of rowid, group, fee in millionths, and then the shape's columns."""
    group = ", ".join(_or_null(name, present) for name in GROUP)
    columns = f"rowid, {group}, {_integer(FEE, present)}, {shape.selected(present)}"
    return f"SELECT {columns} FROM TradeFill ORDER BY rowid LIMIT ? OFFSET ?"  # noqa: S608


def earlier_query(groups: Sequence[FeeGroup], present: Collection[str]) -> str:
    """The fees of each of a few groups before a rowid, as one row; the groups' values come first as parameters."""
    names = [_or_null(name, present) for name in GROUP]
    same = " AND ".join(f"{name} IS ?" for name in names)
    sums = ", ".join(f"sum({_integer(FEE, present)}) FILTER (WHERE {same})" for _ in groups)
    return f"SELECT {sums} FROM TradeFill WHERE rowid < ?"  # noqa: S608


def all_earlier_query(present: Collection[str]) -> str:
    """Rows of a group and its fees before a rowid, of all groups."""
    group = ", ".join(_or_null(name, present) for name in GROUP)
    fees = f"sum({_integer(FEE, present)})"
    return f"SELECT {group}, {fees} FROM TradeFill WHERE rowid < ? GROUP BY 1, 2, 3"  # noqa: S608


FEE: Final = "trade_fee_in_quote"


def _integer(name: str, present: Collection[str]) -> str:
    return f"CAST(coalesce({_or_null(name, present)}, 0) AS INTEGER)"


def _or_null(name: str, present: Collection[str]) -> str:
    return quoted(name) if name in present else "NULL"
