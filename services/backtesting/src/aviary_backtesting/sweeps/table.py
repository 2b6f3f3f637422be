"""The table of a sweep in the form that is asked for. Blocks."""

from collections.abc import Sequence
from typing import Final

from aviary_backtesting.results.rendering import Format, written
from aviary_backtesting.sweeps.block import INDEX, scanned
from aviary_common.errors import Unprocessable

SHOWN: Final = 1000
"""Rows as text, where nobody says how many."""


def rendered(blocks: Sequence[bytes], sort: str | None, limit: int | None, form: Format) -> bytes:
    """Sorted by a column, a minus before it for the largest first; what has no number comes last."""
    import polars as pl

    table = scanned(blocks)
    columns = table.collect_schema()
    name, is_descending = (sort.removeprefix("-"), sort.startswith("-")) if sort else (INDEX, False)
    if name not in columns:
        raise Unprocessable(f"sort: there is no column {name}; there are {', '.join(columns)}.", code="bad_sort")
    if name != INDEX or is_descending:
        key = pl.col(name).fill_nan(None) if columns[name].is_float() else pl.col(name)
        table = table.sort(key, INDEX, descending=[is_descending, False], nulls_last=True)
    most = limit or (SHOWN if form in ("json", "csv") else None)
    return written((table if most is None else table.head(most)).collect(), form)
