"""The queries on candles that somebody has sent, and how they are packed."""

from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import func, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_backtesting.candles.columns import from_frame, to_frame
from aviary_backtesting.candles.tables import upload_table
from aviary_backtesting.results import large

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_UPLOAD = upload_table.c


class Upload(NamedTuple):
    """``end_s`` is when the last one opens."""

    digest: str
    interval_s: int
    rows: int
    start_s: float
    end_s: float


async def add(connection: AsyncConnection, upload: Upload, content: bytes) -> None:
    """What is there already is kept for longer."""
    values = {**upload._asdict(), "content": content}
    again = insert(upload_table).values(values)
    await connection.execute(again.on_conflict_do_update(index_elements=["digest"], set_={"used_at": func.now()}))


async def find(connection: AsyncConnection, digest: str) -> Upload | None:
    """Whoever asks is about to use it."""
    change = (
        update(upload_table)
        .where(_UPLOAD.digest == digest)
        .values(used_at=func.now())
        .returning(*(_UPLOAD[name] for name in Upload._fields))
    )
    row = (await connection.execute(change)).one_or_none()
    return None if row is None else Upload(*row)


async def content(connection: AsyncConnection, digest: str) -> bytes | None:
    return await large.read(connection, _UPLOAD.content, _UPLOAD.digest == digest)


_FORGET: Final = text(
    """
    delete from candle_upload using (
        select digest, sum(length(content)) over (order by used_at desc, digest) as kept from candle_upload
    ) as used
    where candle_upload.digest = used.digest and used.kept > :bytes
    """
)


async def forget_oldest(connection: AsyncConnection, size: int) -> None:
    """Keep those used last, so many bytes of them."""
    await connection.execute(_FORGET, {"bytes": size})


def packed(columns: "NDArray[np.float64]") -> bytes:
    buffer = BytesIO()
    to_frame(columns).write_parquet(buffer, compression="zstd")
    return buffer.getvalue()


def unpacked(content: bytes) -> "NDArray[np.float64]":
    import polars as pl

    return from_frame(pl.read_parquet(BytesIO(content)))
