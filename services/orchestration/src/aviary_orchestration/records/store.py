"""The queries on what bots have said: lines and events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_orchestration.bots.payloads import ERROR_LEVEL, Json, LogLine
from aviary_orchestration.records.tables import bot_event, bot_log

RECALLED: Final = 100


@dataclass(frozen=True, slots=True)
class Source:
    """Where a message came from: the bot, and the message's place in the stream."""

    bot_name: str
    sequence: int
    heard_at: datetime


@dataclass(frozen=True, slots=True)
class SaidLine:
    source: Source
    at: datetime
    line: LogLine


@dataclass(frozen=True, slots=True)
class SaidEvent:
    source: Source
    topic: str
    type: str
    data: Json


async def add(connection: AsyncConnection, lines: Sequence[SaidLine], events: Sequence[SaidEvent]) -> None:
    """What is there already stays."""
    if lines:
        await connection.execute(insert(bot_log).on_conflict_do_nothing(), [_line_values(each) for each in lines])
    if events:
        await connection.execute(insert(bot_event).on_conflict_do_nothing(), [_event_values(each) for each in events])


async def recent_lines(
    connection: AsyncConnection, bot_names: Sequence[str], *, errors: bool
) -> dict[str, list[LogLine]]:
    """The newest of each bot, oldest first; errors, or all others."""
    query = _RECENT.bindparams(names=list(bot_names), level=ERROR_LEVEL, errors=errors, recalled=RECALLED)
    found: dict[str, list[LogLine]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.bot_name, []).append(_line(row))
    return found


async def last_event(connection: AsyncConnection, bot_name: str, types: Sequence[str]) -> Row[Any] | None:
    query = (
        select(*bot_event.c)
        .where(bot_event.c.bot_name == bot_name, bot_event.c.type.in_(types))
        .order_by(bot_event.c.id.desc())
        .limit(1)
    )
    return (await connection.execute(query)).one_or_none()


async def events(connection: AsyncConnection, bot_name: str, topic: str, limit: int) -> Sequence[Row[Any]]:
    """Newest first."""
    query = (
        select(*bot_event.c)
        .where(bot_event.c.bot_name == bot_name, bot_event.c.topic == topic)
        .order_by(bot_event.c.id.desc())
        .limit(limit)
    )
    return (await connection.execute(query)).all()


async def forget_before(connection: AsyncConnection, moment: datetime) -> None:
    """Log lines and events; samples are kept."""
    for table in (bot_log, bot_event):
        await connection.execute(delete(table).where(table.c.heard_at < moment))


_RECENT: Final = text(
    """
    select bot_name, at, level_no, level_name, logger_name, msg
    from unnest(cast(:names as varchar[])) as wanted (name)
    cross join lateral (
        select * from bot_log
        where bot_name = wanted.name and (level_no >= :level) = :errors
        order by id desc limit :recalled
    ) as recent
    order by recent.id
    """
)


def _line(row: Row[Any]) -> LogLine:
    return LogLine(row.at.timestamp(), row.level_no, row.level_name, row.logger_name, row.msg)


def _source_values(source: Source) -> Json:
    return {"bot_name": source.bot_name, "sequence": source.sequence, "heard_at": source.heard_at}


def _line_values(said: SaidLine) -> Json:
    line = said.line
    return {
        **_source_values(said.source),
        "at": said.at,
        "level_no": line.level_no,
        "level_name": line.level_name,
        "logger_name": line.logger_name,
        "msg": line.msg,
    }


def _event_values(said: SaidEvent) -> Json:
    return {**_source_values(said.source), "topic": said.topic, "type": said.type, "data": said.data}
