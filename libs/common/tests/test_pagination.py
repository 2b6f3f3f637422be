from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, DateTime, Integer, MetaData, Numeric, Table, insert, select

from aviary_common.database import Database
from aviary_common.errors import BadRequest
from aviary_common.pagination import Slice, fingerprint, paginate, paginate_list

METADATA = MetaData()
TABLE = Table(
    "paged",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("price", Numeric(36, 18), nullable=False),
)
START = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = 25


@pytest.fixture
async def filled(database: Database) -> AsyncIterator[Database]:
    async with database.engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
        # Five rows share each time, so that the second column must break the tie.
        rows = [
            {"id": number, "at": START + timedelta(seconds=number // 5), "price": Decimal(number) / 8}
            for number in range(ROWS)
        ]
        await connection.execute(insert(TABLE), rows)
    yield database
    async with database.engine.begin() as connection:
        await connection.run_sync(METADATA.drop_all)


async def page(database: Database, columns: Sequence[str], cursor: str | None, *, descending: bool) -> Slice[Any]:
    async with database.single() as connection:
        return await paginate(
            connection,
            select(TABLE),
            order=[TABLE.c[name] for name in columns],
            descending=descending,
            limit=4,
            cursor=cursor,
            mark=fingerprint("paged"),
        )


@pytest.mark.parametrize("columns", [["at", "id"], ["price", "id"], ["id"]])
@pytest.mark.parametrize("descending", [True, False])
async def test_pages_hold_every_row_once_in_order(filled: Database, columns: list[str], descending: bool) -> None:
    seen: list[int] = []
    cursor = None
    while True:
        found = await page(filled, columns, cursor, descending=descending)
        assert found.total == ROWS
        seen.extend(row.id for row in found.rows)
        cursor = found.next_cursor
        if cursor is None:
            break
    assert seen == sorted(range(ROWS), reverse=descending)


async def test_rows_that_arrive_meanwhile_do_not_shift_the_pages(filled: Database) -> None:
    first = await page(filled, ["at", "id"], None, descending=True)
    async with filled.transaction() as connection:
        await connection.execute(insert(TABLE), [{"id": 1000, "at": START + timedelta(days=1), "price": Decimal(1)}])
    second = await page(filled, ["at", "id"], first.next_cursor, descending=True)
    assert [row.id for row in second.rows] == [20, 19, 18, 17]
    assert second.total == ROWS


@pytest.mark.parametrize("bad", ["garbage", "AAAA", "W10", "bnVsbA", "eyJhIjoxfQ", "é"])
async def test_a_cursor_that_is_none_is_refused(filled: Database, bad: str) -> None:
    with pytest.raises(BadRequest) as raised:
        await page(filled, ["id"], bad, descending=True)
    assert raised.value.code == "bad_cursor"


async def test_a_cursor_from_another_list_is_refused(filled: Database) -> None:
    foreign = paginate_list(range(9), key=lambda n: [n], limit=2, cursor=None, mark=fingerprint("numbers")).next_cursor
    with pytest.raises(BadRequest, match="another list"):
        await page(filled, ["id"], foreign, descending=True)


async def test_a_cursor_with_a_key_of_another_type_is_refused(filled: Database) -> None:
    by_text = paginate_list(["a", "b"], key=lambda x: [x], limit=1, cursor=None, mark=fingerprint("paged")).next_cursor
    with pytest.raises(BadRequest):
        await page(filled, ["id"], by_text, descending=True)


@given(st.sets(st.integers(min_value=-(2**53), max_value=2**53)), st.integers(min_value=1, max_value=10), st.booleans())
def test_lists_page_like_queries(items: set[int], limit: int, descending: bool) -> None:
    seen: list[int] = []
    cursor = None
    while True:
        found = paginate_list(
            list(items), key=lambda n: [n], limit=limit, cursor=cursor, mark="m", descending=descending
        )
        assert len(found.rows) <= limit
        seen.extend(found.rows)
        cursor = found.next_cursor
        if cursor is None:
            break
    assert seen == sorted(items, reverse=descending)


def test_an_answer_carries_both_forms() -> None:
    answer = paginate_list([1, 2, 3], key=lambda n: [n], limit=2, cursor=None, mark="m").page(str)
    assert answer.data == ["1", "2"]
    assert answer.total == answer.pagination.total_count == 3
    assert answer.next_cursor == answer.pagination.next_cursor
    assert answer.pagination.has_more
