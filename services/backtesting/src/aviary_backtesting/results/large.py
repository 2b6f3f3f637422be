"""Contents of many megabytes on their way into Postgres and back: in pieces, because libpq's buffers, once they had to
hold something, keep its size for as long as the connection lives."""

from collections.abc import Sequence
from struct import pack
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

PIECE_BYTES: Final = 2 << 20
BEGIN: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END: Final = b"\xff\xff"
"""Of Postgres's binary copy format, https://www.postgresql.org/docs/current/sql-copy.html."""

Row = Sequence[int | str | bytes]


async def read(connection: AsyncConnection, content: ColumnElement[bytes], *where: ColumnElement[bool]) -> bytes | None:
    """Of one row whose content never changes; None when there is none."""
    found = bytearray()
    while True:
        query = select(func.substring(content, len(found) + 1, PIECE_BYTES)).where(*where)
        piece = await connection.scalar(query)
        if piece is None:
            return None
        found += piece
        if len(piece) < PIECE_BYTES:
            return bytes(found)


async def write(connection: AsyncConnection, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Into columns of ``bigint``, text and ``bytea``. In the connection's transaction, which must have begun."""
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None  # noqa: S101 - of a connection that is open
    statement = f"copy {table} ({', '.join(columns)}) from stdin (format binary)"
    async with driver.cursor() as cursor, cursor.copy(statement) as copy:
        await copy.write(BEGIN)
        for row in rows:
            await copy.write(pack("!h", len(row)))
            for value in row:
                field = _field(value)
                await copy.write(pack("!i", len(field)))
                await copy.write(field)  # a large one goes out piece by piece, and is nowhere copied as a whole
        await copy.write(END)


def _field(value: int | str | bytes) -> bytes:
    match value:
        case int():
            return pack("!q", value)
        case str():
            return value.encode()
        case bytes():
            return value
