"""The queries on problems."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_orchestration.watch.compare import Kind, Problem
from aviary_orchestration.watch.tables import bot_problem


@dataclass(frozen=True)
class Known:
    problem: Problem
    since: datetime


async def all_known(connection: AsyncConnection) -> list[Known]:
    rows = await connection.execute(select(*bot_problem.c).order_by(bot_problem.c.bot_name))
    return [Known(Problem(row.bot_name, Kind(row.kind), row.detail), row.since) for row in rows]


async def replace(connection: AsyncConnection, now: Sequence[Problem]) -> list[Problem]:
    """Exactly these from now on; those that were not known are returned."""
    known = {(each.problem.bot_name, each.problem.kind): each.problem for each in await all_known(connection)}
    current = {(each.bot_name, each.kind): each for each in now}
    if over := known.keys() - current.keys():
        key = tuple_(bot_problem.c.bot_name, bot_problem.c.kind)
        await connection.execute(delete(bot_problem).where(key.in_([(name, kind.value) for name, kind in over])))
    for each in current.values():
        before = known.get((each.bot_name, each.kind))
        if before is not None and before.detail != each.detail:
            same = (bot_problem.c.bot_name == each.bot_name) & (bot_problem.c.kind == each.kind.value)
            await connection.execute(update(bot_problem).where(same).values(detail=each.detail))
    fresh = [each for key_of, each in current.items() if key_of not in known]
    if fresh:
        rows = [{"bot_name": each.bot_name, "kind": each.kind.value, "detail": each.detail} for each in fresh]
        await connection.execute(insert(bot_problem).on_conflict_do_nothing(), rows)
    return fresh
