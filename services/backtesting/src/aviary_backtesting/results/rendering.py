"""A part of a result in the form that is asked for."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Final, Literal

import orjson

from aviary_backtesting.results.parts import OVER_TIME, PartName
from aviary_backtesting.results.thinning import thinned
from aviary_common.errors import Unprocessable

if TYPE_CHECKING:
    import polars as pl

Format = Literal["json", "arrow", "parquet", "csv"]
KINDS: Final[Mapping[Format, str]] = {
    "json": "application/json",
    "arrow": "application/vnd.apache.arrow.stream",
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
}


def rendered(
    content: bytes, part: PartName, columns: Sequence[str] | None, max_points: int | None, form: Format
) -> bytes:
    """From the parquet that is kept. Blocks; raises ``Unprocessable`` for columns that there are not."""
    import polars as pl

    frame = pl.read_parquet(BytesIO(content), columns=None if columns is None else _known(content, columns))
    if max_points is not None and part in OVER_TIME:
        frame = thinned(frame, max_points)
    return written(frame, form)


def _known(content: bytes, columns: Sequence[str]) -> list[str]:
    import polars as pl

    there = pl.read_parquet_schema(BytesIO(content))
    unknown = [name for name in columns if name not in there]
    if unknown:
        raise Unprocessable(
            f"There is no column {', '.join(unknown)}; there are {', '.join(there)}.", code="unknown_column"
        )
    return list(dict.fromkeys(columns))


def written(frame: "pl.DataFrame", form: Format) -> bytes:
    buffer = BytesIO()
    match form:
        case "json":
            return _columnar(frame)
        case "arrow":
            frame.write_ipc_stream(buffer, compression="zstd")
        case "parquet":
            frame.write_parquet(buffer, compression="zstd")
        case "csv":
            frame.write_csv(buffer)
    return buffer.getvalue()


def _columnar(frame: "pl.DataFrame") -> bytes:
    """``{"rows": n, "columns": {name: [...]}}``; what is no number in JSON is null."""
    import numpy as np

    columns = {
        name: np.ascontiguousarray(frame[name].to_numpy())
        if frame[name].dtype.is_numeric() and not frame[name].null_count()
        else frame[name].to_list()
        for name in frame.columns
    }
    return orjson.dumps({"rows": frame.height, "columns": columns}, option=orjson.OPT_SERIALIZE_NUMPY)
