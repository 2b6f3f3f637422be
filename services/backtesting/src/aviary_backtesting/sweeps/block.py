"""The configs of a shard and what came out of them, as a part of the sweep's table. Everything in here blocks."""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import orjson

from aviary_backtesting.sweeps.search import Search

if TYPE_CHECKING:
    import polars as pl

    from aviary_strategies.search.evaluate import Evaluated
    from aviary_strategies.search.space import Point
    from aviary_strategies.search.values import Choices, Span

FASTEST: Final = 1
INDEX: Final = "index"


def frame_of(search: Search, first: int, points: Sequence["Point"], found: "Evaluated") -> "pl.DataFrame":
    """``index``, why it is ``invalid`` (null if it is not), the varied fields by their names, and the metrics of each
    segment, such as ``in_sharpe``."""
    import polars as pl

    from aviary_strategies.search.metrics import METRICS

    fields = [_column(name, field, points) for name, field in search.space.fields.items()]
    metrics = [
        pl.Series(f"{segment}_{metric}", found.values[:, number, place])
        for number, segment in enumerate(search.names)
        for place, metric in enumerate(METRICS)
    ]
    index = pl.Series(INDEX, range(first, first + len(points)), dtype=pl.Int64)
    return pl.DataFrame([index, pl.Series("invalid", found.reasons, dtype=pl.String), *fields, *metrics])


def packed(frame: "pl.DataFrame") -> bytes:
    buffer = BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=FASTEST, statistics=False)
    return buffer.getvalue()


def scanned(blocks: Sequence[bytes]) -> "pl.LazyFrame":
    """The table of these blocks, of which only what is used is read: a million configs take hundreds of megabytes."""
    import polars as pl

    return pl.scan_parquet(list(blocks))


def _column(name: str, field: "Choices | Span", points: Sequence["Point"]) -> "pl.Series":
    """Its type follows from the space alone, so that all blocks fit together."""
    import polars as pl

    kinds = {type(value) for value in getattr(field, "values", field.bounds)} - {type(None)}
    values = [point[name] for point in points]
    if kinds <= {int}:
        return pl.Series(name, values, dtype=pl.Int64)
    if kinds <= {int, float}:
        return pl.Series(name, values, dtype=pl.Float64, strict=False)
    if kinds <= {bool}:
        return pl.Series(name, values, dtype=pl.Boolean)
    return pl.Series(name, [_text(value) for value in values], dtype=pl.String)


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()
