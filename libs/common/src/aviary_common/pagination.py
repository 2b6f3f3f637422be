"""Keyset pagination: opaque cursors over a unique order, one helper for SQL and one for lists.

A cursor carries the last row's key, the total counted with the first page, and a fingerprint of the list and filters
it belongs to, so that a cursor from elsewhere is refused instead of giving wrong rows.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Annotated, Any, Final, Generic, TypeVar

import orjson
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Row, Select, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_common.errors import BadRequest

T = TypeVar("T")
U = TypeVar("U")

MAX_LIMIT: Final = 1000
Limit = Annotated[int, Field(ge=1, le=MAX_LIMIT)]
Key = Sequence[Any]


class Pagination(BaseModel):
    limit: int
    has_more: bool
    next_cursor: str | None
    total_count: int


class Page(BaseModel, Generic[T]):
    """Both forms in one answer: ``pagination`` and the top-level ``next_cursor`` and ``total``."""

    data: list[T]
    pagination: Pagination
    next_cursor: str | None
    total: int


@dataclass(frozen=True)
class Slice(Generic[T]):
    """One page of rows before it becomes an answer."""

    rows: Sequence[T]
    limit: int
    next_cursor: str | None
    total: int

    @property
    def pagination(self) -> Pagination:
        return Pagination(
            limit=self.limit,
            has_more=self.next_cursor is not None,
            next_cursor=self.next_cursor,
            total_count=self.total,
        )

    def page(self, convert: Callable[[T], U]) -> Page[U]:
        return Page(
            data=[convert(row) for row in self.rows],
            pagination=self.pagination,
            next_cursor=self.next_cursor,
            total=self.total,
        )


@dataclass(frozen=True)
class Cursor:
    fingerprint: str
    total: int
    key: list[Any]

    def encode(self) -> str:
        raw = orjson.dumps([self.fingerprint, self.total, *self.key], default=_plain)
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def fingerprint(purpose: str, filters: object = None) -> str:
    """Same list and same filters, same text."""
    raw = purpose.encode() + orjson.dumps(filters, default=_plain, option=orjson.OPT_SORT_KEYS)
    return blake2b(raw, digest_size=6).hexdigest()


def decode_cursor(text: str | None, expected: str) -> Cursor | None:
    """Raise ``BadRequest`` for anything that this list with these filters did not hand out."""
    if not text:
        return None
    try:
        mark, total, *key = orjson.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, TypeError) as error:
        raise BadRequest("cursor is not one of ours", code="bad_cursor") from error
    if mark != expected or not isinstance(total, int):
        raise BadRequest("cursor belongs to another list or other filters", code="bad_cursor")
    return Cursor(expected, total, key)


async def paginate(
    connection: AsyncConnection,
    query: Select[Any],
    *,
    order: Sequence[ColumnElement[Any]],
    descending: bool,
    limit: int,
    cursor: str | None,
    mark: str,
) -> Slice[Row[Any]]:
    """One page of a query by the given columns, which must be selected, unique together and indexed in that order."""
    current = decode_cursor(cursor, mark)
    total = current.total if current else await _count(connection, query)
    page = query.order_by(*(column.desc() if descending else column.asc() for column in order)).limit(limit + 1)
    if current:
        page = page.where(_beyond(order, _typed(order, current.key), descending=descending))
    rows = (await connection.execute(page)).all()
    more = len(rows) > limit
    kept = rows[:limit]
    following = [kept[-1]._mapping[column] for column in order] if more else None
    return Slice(kept, limit, Cursor(mark, total, following).encode() if following is not None else None, total)


def paginate_list(
    items: Sequence[T], *, key: Callable[[T], Key], limit: int, cursor: str | None, mark: str, descending: bool = False
) -> Slice[T]:
    """The same for what is in memory; ``key`` must be unique and of JSON's own types."""
    current = decode_cursor(cursor, mark)
    ordered = sorted(items, key=lambda item: list(key(item)), reverse=descending)
    if current:
        ordered = [item for item in ordered if _is_after(list(key(item)), current.key, descending=descending)]
    total = current.total if current else len(items)
    kept = ordered[:limit]
    following = Cursor(mark, total, list(key(kept[-1]))).encode() if len(ordered) > limit else None
    return Slice(kept, limit, following, total)


def _is_after(key: list[Any], last: list[Any], *, descending: bool) -> bool:
    return key < last if descending else key > last


async def _count(connection: AsyncConnection, query: Select[Any]) -> int:
    return await connection.scalar(select(func.count()).select_from(query.subquery())) or 0


def _beyond(order: Sequence[ColumnElement[Any]], last: Key, *, descending: bool) -> ColumnElement[bool]:
    """``(a, b) < (x, y)`` as one comparison of rows: only so the database enters its index at that place."""
    here = tuple_(*order)
    there = tuple_(*(literal(value, column.type) for column, value in zip(order, last, strict=True)))
    return here < there if descending else here > there


def _typed(order: Sequence[ColumnElement[Any]], key: Sequence[Any]) -> list[Any]:
    if len(order) != len(key):
        raise BadRequest("cursor is not one of ours", code="bad_cursor")
    try:
        return [_revive(column.type.python_type, value) for column, value in zip(order, key, strict=True)]
    except (TypeError, ValueError, ArithmeticError) as error:
        raise BadRequest("cursor is not one of ours", code="bad_cursor") from error


def _revive(kind: type[Any], value: Any) -> Any:
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is Decimal:
        return Decimal(value)
    if not isinstance(value, kind):
        raise TypeError(f"expected {kind.__name__}")
    return value


def _plain(value: object) -> str:
    return str(value.value) if hasattr(value, "value") else str(value)
