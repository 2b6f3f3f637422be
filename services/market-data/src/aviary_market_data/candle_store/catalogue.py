"""The queries on the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import TextClause, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_common.pagination import Slice, fingerprint, paginate
from aviary_market_data.candle_store.files import Draft, Series
from aviary_market_data.candle_store.spans import Gap, Span
from aviary_market_data.candle_store.tables import series_table

NO_FILE: Final = ""


@dataclass(frozen=True, slots=True)
class Month:
    """``next_digest`` is of the file that was about to take this one's place: as good, and never less."""

    digest: str
    next_digest: str | None
    rows: int
    bytes: int

    @property
    def is_there(self) -> bool:
        """Whether there was ever a file."""
        return self.digest != NO_FILE

    def knows(self, digest: str) -> bool:
        return digest in (self.digest, self.next_digest)


@dataclass(frozen=True, slots=True)
class Known:
    """Of one series; all spans are merged and sorted."""

    id: int
    ranges: Sequence[Span] = ()
    gaps: Sequence[Gap] = ()
    months: Mapping[str, Month] = field(default_factory=dict)


NOTHING: Final = Known(0)

_FIND: Final = text(
    "select id from candle_series"
    " where connector = :connector and trading_pair = :trading_pair and interval = :interval"
)
_ADD: Final = text(
    "insert into candle_series (connector, trading_pair, interval)"
    " values (:connector, :trading_pair, :interval) on conflict do nothing"
)
_LOCK: Final = text("select id from candle_series where id = :id for update")
_RANGES: Final = text("select start_s, end_s from candle_range where series_id = :id order by start_s")
_GAPS: Final = text("select start_s, end_s, reason from candle_gap where series_id = :id order by start_s")
_MONTHS: Final = text(
    "select month, digest, next_digest, rows, bytes from candle_month where series_id = :id order by month"
)
_KEPT: Final = text("select connector, trading_pair, interval from candle_series")
_COMING: Final = text(
    """
    insert into candle_month (series_id, month, digest, next_digest, rows, bytes)
    values (:id, :month, :current, :coming, 0, 0)
    on conflict (series_id, month) do update set digest = excluded.digest, next_digest = excluded.next_digest
    where :current in (candle_month.digest, candle_month.next_digest)
    """
)
_THERE: Final = text(
    """
    update candle_month set digest = :digest, next_digest = null, rows = :rows, bytes = :bytes, updated_at = now()
    where series_id = :id and month = :month and next_digest = :digest
    """
)
_FORGET_MONTH: Final = text("delete from candle_month where series_id = :id and month = :month")


async def find(connection: AsyncConnection, series: Series) -> Known:
    """``NOTHING`` for a series that is not kept."""
    found = await connection.scalar(_FIND, _named(series))
    return NOTHING if found is None else await _known(connection, found)


async def find_or_add(connection: AsyncConnection, series: Series) -> Known:
    known = await find(connection, series)
    if known.id == 0:
        await connection.execute(_ADD, _named(series))
        known = await find(connection, series)
    return known


async def locked(connection: AsyncConnection, series_id: int) -> Known:
    """Nobody else changes the series until the transaction ends."""
    await connection.execute(_LOCK, {"id": series_id})
    return await _known(connection, series_id)


async def announce(connection: AsyncConnection, series_id: int, month: str, current: str, coming: str) -> bool:
    """A file is about to take the place of another one, or of none; whether that is still the one there."""
    values = {"id": series_id, "month": month, "current": current, "coming": coming}
    return bool((await connection.execute(_COMING, values)).rowcount)


async def arrived(connection: AsyncConnection, series_id: int, month: str, draft: Draft) -> bool:
    """Whether it is still the one that was announced."""
    values = {"id": series_id, "month": month, "digest": draft.digest, "rows": draft.rows, "bytes": draft.bytes}
    return bool((await connection.execute(_THERE, values)).rowcount)


async def forget_month(connection: AsyncConnection, series_id: int, month: str) -> None:
    await connection.execute(_FORGET_MONTH, {"id": series_id, "month": month})


async def replace(connection: AsyncConnection, known: Known, ranges: Sequence[Span], gaps: Sequence[Gap]) -> None:
    """Write what differs from what is known; merged spans are few."""
    old_ranges = {(span.start_s, span.end_s) for span in known.ranges}
    new_ranges = {(span.start_s, span.end_s) for span in ranges}
    old_gaps = {(gap.span.start_s, gap.span.end_s, gap.reason) for gap in known.gaps}
    new_gaps = {(gap.span.start_s, gap.span.end_s, gap.reason) for gap in gaps}
    await _each(connection, _DROP_RANGE, known.id, sorted(old_ranges - new_ranges))
    await _each(connection, _ADD_RANGE, known.id, sorted(new_ranges - old_ranges))
    await _each(connection, _DROP_GAP, known.id, sorted(old_gaps - new_gaps))
    await _each(connection, _ADD_GAP, known.id, sorted(new_gaps - old_gaps))


_DROP_RANGE: Final = text("delete from candle_range where series_id = :id and start_s = :start_s")
_ADD_RANGE: Final = text("insert into candle_range (series_id, start_s, end_s) values (:id, :start_s, :end_s)")
_DROP_GAP: Final = text("delete from candle_gap where series_id = :id and start_s = :start_s")
_ADD_GAP: Final = text(
    "insert into candle_gap (series_id, start_s, end_s, reason) values (:id, :start_s, :end_s, :reason)"
)


async def kept(connection: AsyncConnection) -> frozenset[Series]:
    return frozenset(Series(*row) for row in await connection.execute(_KEPT))


async def page(
    connection: AsyncConnection, connector: str | None, trading_pair: str | None, limit: int, cursor: str | None
) -> Slice[tuple[Series, Known]]:
    """In the order in which they came to be kept."""
    query = select(*series_table.c)
    if connector is not None:
        query = query.where(series_table.c.connector == connector)
    if trading_pair is not None:
        query = query.where(series_table.c.trading_pair == trading_pair)
    mark = fingerprint("market-data/candles/catalogue", [connector, trading_pair])
    found = await paginate(
        connection, query, order=[series_table.c.id], descending=False, limit=limit, cursor=cursor, mark=mark
    )
    rows = [
        (Series(row.connector, row.trading_pair, row.interval), await _known(connection, row.id)) for row in found.rows
    ]
    return Slice(rows, found.limit, found.next_cursor, found.total)


async def _known(connection: AsyncConnection, series_id: int) -> Known:
    which = {"id": series_id}
    ranges = [Span(*row) for row in await connection.execute(_RANGES, which)]
    gaps = [Gap(Span(start, end), reason) for start, end, reason in await connection.execute(_GAPS, which)]
    months = {name: Month(*rest) for name, *rest in await connection.execute(_MONTHS, which)}
    return Known(series_id, ranges, gaps, months)


async def _each(
    connection: AsyncConnection, statement: TextClause, series_id: int, rows: Sequence[tuple[int | str, ...]]
) -> None:
    if rows:
        names = ("start_s", "end_s", "reason")
        await connection.execute(statement, [{"id": series_id, **dict(zip(names, row, strict=False))} for row in rows])


def _named(series: Series) -> dict[str, str]:
    return {"connector": series.connector, "trading_pair": series.trading_pair, "interval": series.interval}
