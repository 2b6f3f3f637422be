"""Pages of history, put together from the stored documents as they are."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import orjson

from aviary_accounts.portfolio.schemas import Among
from aviary_accounts.snapshots import store
from aviary_accounts.snapshots.documents import narrowed, narrowed_gaps, wanted_scope
from aviary_accounts.snapshots.intervals import STEPS, bucket_start
from aviary_accounts.snapshots.schemas import HistoryFilter
from aviary_common.database import Database
from aviary_common.errors import BadRequest
from aviary_common.pagination import Cursor, decode_cursor, fingerprint

Row = tuple[datetime, str, str]


class History:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, wanted: HistoryFilter) -> bytes:
        """A ``HistoryPage`` as JSON: of each interval the newest snapshot, newest first.

        The cursor says where the last page ended, so snapshots that are taken or thinned meanwhile move nothing.
        """
        mark = fingerprint("portfolio/history", wanted.model_dump(exclude={"cursor", "limit"}))
        cursor = decode_cursor(wanted.cursor, mark)
        step = STEPS[wanted.interval]
        whole = _range(wanted)
        async with self._database.single() as connection:
            total = cursor.total if cursor else await store.count_buckets(connection, whole, step)
            page = _continued(whole, cursor, step) if cursor else whole
            rows = await store.sampled(connection, page, step, wanted.limit + 1)
        kept = rows[: wanted.limit]
        following = Cursor(mark, total, [kept[-1][0].isoformat()]).encode() if len(rows) > len(kept) else None
        return _assembled(wanted, kept, following, total)


def _range(wanted: HistoryFilter) -> store.Range:
    """The end belongs to it."""
    return store.Range(
        start=wanted.start_time or store.FIRST,
        before=min(wanted.end_time or store.LAST, store.LAST - timedelta(seconds=1)) + timedelta(microseconds=1),
        scope=wanted_scope(wanted.among),
    )


def _continued(whole: store.Range, cursor: Cursor, step: timedelta) -> store.Range:
    try:
        (last,) = cursor.key
        before = bucket_start(datetime.fromisoformat(last), step)
    except (ValueError, TypeError, OverflowError) as error:
        raise BadRequest("cursor is not one of ours", code="bad_cursor") from error
    return store.Range(whole.start, min(whole.before, before), whole.scope)


def _assembled(wanted: HistoryFilter, rows: Iterable[Row], following: str | None, total: int) -> bytes:
    among = wanted.among
    if among != Among():
        rows = ((at, narrowed(state, among), narrowed_gaps(gaps, among)) for at, state, gaps in rows)
    data = ",".join(f'{{"timestamp":"{at.isoformat()}","state":{state},"gaps":{gaps}}}' for at, state, gaps in rows)
    pagination = {
        "limit": wanted.limit,
        "has_more": following is not None,
        "next_cursor": following,
        "current_cursor": wanted.cursor,
        "filters": wanted.model_dump(exclude={"cursor", "limit"}),
        "total_count": total,
    }
    rest = orjson.dumps({"pagination": pagination, "next_cursor": following, "total": total})
    return b'{"data":[' + data.encode() + b"]," + rest[1:]
