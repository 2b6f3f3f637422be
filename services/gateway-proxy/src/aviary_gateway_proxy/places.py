"""Places in long lists: which row is the thousandth, remembered for a while.

A new row moves the others by one: what was known of the list before it holds no longer. So a list's ``mark`` has its
youngest row in it.
"""

from collections.abc import Sequence
from typing import Any, Final, cast

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import ColumnElement, Row, Select, func, select

Order = tuple[ColumnElement[Any], ColumnElement[Any]]
"""A time and an id, newest first."""

TTL_S: Final = 120
STEP: Final = 5_000


class Places:
    """In Valkey; without it nothing is remembered."""

    def __init__(self, cache: Redis) -> None:
        self._cache = cache

    async def nearest(self, mark: str, offset: int) -> tuple[int, list[Any]] | None:
        """The last known place not behind the offset, and the key of the row before it."""
        if not offset:
            return None
        try:
            found = await self._cache.zrevrangebyscore(_key(mark), offset, 1, start=0, num=1, withscores=True)
        except RedisError:
            return None
        if not found:
            return None
        member, score = cast("tuple[bytes, float]", found[0])
        return int(score), cast("list[Any]", orjson.loads(member))

    async def is_near(self, mark: str, offset: int) -> bool:
        found = await self.nearest(mark, offset)
        return found is not None and offset - found[0] <= STEP

    async def remember(self, mark: str, offset: int, key: Sequence[Any]) -> None:
        try:
            await self._cache.zremrangebyscore(_key(mark), offset, offset)
            await self._cache.zadd(_key(mark), {orjson.dumps(list(key)): offset})
            await self._cache.expire(_key(mark), TTL_S)
        except RedisError:
            return

    async def learn(self, mark: str, rungs: Sequence[Row[Any]]) -> None:
        """Rows of ``ladder_of``."""
        if not rungs:
            return
        members = {orjson.dumps([row.at.isoformat(), row.id]): row.place for row in rungs}
        try:
            await self._cache.delete(_key(mark))
            await self._cache.zadd(_key(mark), members)
            await self._cache.expire(_key(mark), TTL_S)
        except RedisError:
            return


def ladder_of(query: Select[Any], order: Order) -> Select[Any]:
    """Every ``STEP``-th row of a list, with its place."""
    newest = [column.desc() for column in order]
    place = func.row_number().over(order_by=newest).label("place")
    numbered = query.with_only_columns(order[0].label("at"), order[1].label("id"), place).subquery()
    return select(numbered.c.at, numbered.c.id, numbered.c.place).where(numbered.c.place % STEP == 0)


def _key(mark: str) -> str:
    return f"gateway:places:{mark}"
