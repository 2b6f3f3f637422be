"""The queries on samples of controllers' performance.

There are a few hundred controllers and millions of samples, so everything goes down the index by controller: one step
finds the next controller, one step the newest sample of a controller before a moment. Nothing reads what lies between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, TextClause, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_orchestration.bots.payloads import Json
from aviary_orchestration.records.tables import controller_performance

FIRST: Final = datetime(1, 1, 1, tzinfo=UTC)
LAST: Final = datetime(9999, 12, 31, tzinfo=UTC)
ORIGIN: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sample:
    """How one controller of one bot was doing."""

    at: datetime
    bot_name: str
    controller_id: str
    status: str
    performance: Json
    custom_info: Json


@dataclass(frozen=True, slots=True)
class Range:
    """``start`` belongs to it, ``before`` does not."""

    bot_name: str | None = None
    controller_id: str | None = None
    start: datetime = FIRST
    before: datetime = LAST


@dataclass(frozen=True, slots=True)
class Place:
    """Of a sample in a list with the newest first."""

    at: datetime
    id: int


ABOVE_ALL: Final = Place(LAST, 0)

_CONTROLLERS: Final = """
    recursive found as (
        (select bot_name, controller_id from controller_performance where true {of_bot}
         order by bot_name, controller_id limit 1)
        union all
        select next.bot_name, next.controller_id from found cross join lateral (
            select bot_name, controller_id from controller_performance
            where (bot_name, controller_id) > (found.bot_name, found.controller_id) {of_bot}
            order by bot_name, controller_id limit 1
        ) as next
    ),
    controller as (
        select bot_name, controller_id from found
        where cast(:controller_id as varchar) is null or controller_id = :controller_id
    )
    """
_LATEST: Final = """
    with {controllers}
    select newest.* from controller cross join lateral (
        select * from controller_performance
        where bot_name = controller.bot_name and controller_id = controller.controller_id
        order by at desc, id desc limit 1
    ) as newest
    order by newest.bot_name, newest.controller_id
    """
# One step per interval that anything is known of, until there are enough: it holds the newest of each controller.
_SAMPLED: Final = """
    with {controllers},
    step as (
        select cast(:before as timestamptz) as start, cast('{{}}' as bigint[]) as ids, 0 as place
        union all
        select older.start, older.ids, step.place + cardinality(older.ids) from step cross join lateral (
            select date_bin(:step, newest, :origin) as start,
                coalesce(array_agg(id) filter (where (at, id) < (:at, :id)), '{{}}') as ids
            from (
                select sample.id, sample.at, max(sample.at) over () as newest
                from controller cross join lateral (
                    select id, at from controller_performance
                    where bot_name = controller.bot_name and controller_id = controller.controller_id
                        and at >= :start and at < step.start
                    order by at desc, id desc limit 1
                ) as sample
            ) as sample
            where at >= date_bin(:step, newest, :origin)
            group by newest
        ) as older
        where step.place < :limit
    )
    select sample.* from step cross join unnest(step.ids) as picked (id)
    join controller_performance as sample on sample.id = picked.id
    order by sample.at desc, sample.id desc limit :limit
    """
_COUNT: Final = """
    with {controllers},
    picked as (
        select controller.bot_name, controller.controller_id, cast(:before as timestamptz) as start from controller
        union all
        select picked.bot_name, picked.controller_id, date_bin(:step, older.at, :origin)
        from picked cross join lateral (
            select at from controller_performance
            where bot_name = picked.bot_name and controller_id = picked.controller_id
                and at >= :start and at < picked.start
            order by at desc limit 1
        ) as older
    )
    select count(*) - (select count(*) from controller) from picked
    """


def _both(statement: str) -> tuple[TextClause, TextClause]:
    """Of all bots, and of one."""
    all_bots, one_bot = (_CONTROLLERS.format(of_bot=words) for words in ("", "and bot_name = :bot_name"))
    return text(statement.format(controllers=all_bots)), text(statement.format(controllers=one_bot))


_LATEST_ALL, _LATEST_ONE = _both(_LATEST)
_SAMPLED_ALL, _SAMPLED_ONE = _both(_SAMPLED)
_COUNT_ALL, _COUNT_ONE = _both(_COUNT)


async def add(connection: AsyncConnection, samples: Sequence[Sample]) -> None:
    if samples:
        values = [{name: getattr(each, name) for name in Sample.__dataclass_fields__} for each in samples]
        await connection.execute(insert(controller_performance), values)


async def newest_at(connection: AsyncConnection) -> datetime | None:
    newest: datetime | None = await connection.scalar(select(func.max(controller_performance.c.at)))
    return newest


async def latest(connection: AsyncConnection, bot_name: str | None) -> Sequence[Row[Any]]:
    """The newest of each bot and controller."""
    statement = _LATEST_ALL if bot_name is None else _LATEST_ONE
    return (await connection.execute(statement, _controllers(bot_name, None))).all()


async def sampled(
    connection: AsyncConnection, wanted: Range, step: timedelta, below: Place, limit: int
) -> Sequence[Row[Any]]:
    """The newest sample of each controller in each interval, newest first, as far as they are older than ``below``."""
    statement = _SAMPLED_ALL if wanted.bot_name is None else _SAMPLED_ONE
    values = {**_values(wanted, step), "at": below.at, "id": below.id, "limit": limit}
    return (await connection.execute(statement, values)).all()


async def count(connection: AsyncConnection, wanted: Range, step: timedelta) -> int:
    """How many there are of all pages."""
    statement = _COUNT_ALL if wanted.bot_name is None else _COUNT_ONE
    return await connection.scalar(statement, _values(wanted, step)) or 0


def _values(wanted: Range, step: timedelta) -> dict[str, Any]:
    range_ = {"start": wanted.start, "before": wanted.before, "step": step, "origin": ORIGIN}
    return {**_controllers(wanted.bot_name, wanted.controller_id), **range_}


def _controllers(bot_name: str | None, controller_id: str | None) -> dict[str, str | None]:
    among: dict[str, str | None] = {"controller_id": controller_id}
    return among if bot_name is None else {**among, "bot_name": bot_name}
