"""Pages by ``limit`` and ``offset``, as these databases have always been read, and by cursor like all lists."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from aviary_common.errors import BadRequest
from aviary_common.pagination import Cursor, Pagination, decode_cursor, fingerprint

T = TypeVar("T")


class OffsetPagination(Pagination):
    total: int
    offset: int


@dataclass(frozen=True)
class Wanted:
    """A cursor wins over an offset, and spares counting the list again."""

    limit: int
    offset: int
    cursor: str | None


@dataclass(frozen=True)
class OffsetSlice(Generic[T]):
    rows: Sequence[T]
    pagination: OffsetPagination


def sliced(
    wanted: Wanted, purpose: str, count: Callable[[], int], read: Callable[[int, int], Sequence[T]]
) -> OffsetSlice[T]:
    """``purpose`` names the file, the list and its filters: a cursor of another one is refused."""
    mark = fingerprint(purpose)
    current = decode_cursor(wanted.cursor, mark)
    offset = _offset(current) if current else wanted.offset
    total = current.total if current else count()
    rows = read(wanted.limit, offset)
    end = offset + len(rows)
    following = Cursor(mark, total, [end]).encode() if rows and end < total else None
    return OffsetSlice(
        rows,
        OffsetPagination(
            total=total,
            limit=wanted.limit,
            offset=offset,
            has_more=following is not None,
            next_cursor=following,
            total_count=total,
        ),
    )


def _offset(cursor: Cursor) -> int:
    match cursor.key:
        case [int(offset)] if 0 <= offset < 2**63:
            return offset
    raise BadRequest("cursor is not one of ours", code="bad_cursor")
