"""What one replica has read from a venue, put up in Valkey for the others, so that a venue is asked once for all.

A replica that needs something newer than what is up there takes the turn and asks; the others wait a moment for its
result and, when it does not come, ask themselves. All of this is a courtesy to venues: without Valkey every replica
asks for itself. Documents carry the wall time of their reading, so replicas' clocks must agree within what is fresh.
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from aviary_common import logs

log = logs.get(__name__)

T = TypeVar("T")

KEPT_FOR_S: Final = 6 * 3600
"""Long after it is too old to be answered: who can't reach the venue says how old the last known is."""
TURN_S: Final = 3.0
WAIT_S: Final = 2.0
"""For another replica's result."""
LOOK_EVERY_S: Final = 0.02
ANSWERS_WITHIN_S: Final = 0.1
"""A Valkey that is slower than that is no help."""
LEFT_ALONE_FOR_S: Final = 2.0
"""After it has failed to answer."""

Usable = Callable[[str | None], T | None]
"""Reads what is up; ``None``: the venue must be asked."""
Ask = Callable[[], Awaitable[tuple[T, str]]]
"""The venue's answer, and the document that tells the others of it."""


class Board:
    def __init__(self, cache: Redis, clock: Callable[[], float] = time.monotonic) -> None:
        self._cache = cache
        self._clock = clock
        self._alone_until = float("-inf")
        self._telling: set[asyncio.Task[None]] = set()

    async def newest(self, key: str, usable: Usable[T], ask: Ask[T]) -> T:
        """What is up, if usable, or another replica's answer, or what ``ask`` brings; its failure is the caller's."""
        up = await self._look(key)
        if (found := usable(up)) is not None:
            return found
        deadline = self._clock() + WAIT_S
        while not (mine := await self._take_turn(key)) and self._clock() < deadline:
            await self._end_of_turn(key, deadline)
            if (found := usable(await self._look(key))) is not None:
                return found
        document: str | None = None
        try:
            answer, document = await ask()
            return answer
        finally:
            self._pass_on(key, document, turn=mine)

    async def close(self) -> None:
        """Returns when the others have been told everything."""
        await asyncio.gather(*self._telling)

    def _pass_on(self, key: str, document: str | None, *, turn: bool) -> None:
        """Whoever asked here need not wait until the others have been told."""
        telling = asyncio.create_task(self._tell(key, document, turn=turn))
        self._telling.add(telling)
        telling.add_done_callback(self._telling.discard)

    async def _tell(self, key: str, document: str | None, *, turn: bool) -> None:
        """The document first: who sees the turn end looks for it."""
        commands = self._cache.pipeline(transaction=False)
        if document is not None:
            commands.set(key, document, ex=KEPT_FOR_S)
        if turn:
            commands.delete(_turn(key))
        if len(commands):
            await self._try(commands.execute())

    async def _end_of_turn(self, key: str, deadline: float) -> None:
        """Whoever has the turn puts the answer up before giving it back."""
        turn = now = await self._try(self._cache.get(_turn(key)))
        while now is not None and now == turn and self._clock() < deadline:
            await asyncio.sleep(LOOK_EVERY_S)
            now = await self._try(self._cache.get(_turn(key)))

    async def _look(self, key: str) -> str | None:
        return cast("str | None", await self._try(self._cache.get(key)))

    async def _take_turn(self, key: str) -> bool:
        """Also without Valkey: then there is nobody to wait for."""
        taken = await self._try(self._cache.set(_turn(key), uuid.uuid4().hex, nx=True, px=int(TURN_S * 1000)))
        return bool(taken) or self._is_alone()

    async def _try(self, command: Awaitable[T]) -> T | None:
        if self._is_alone():
            if asyncio.iscoroutine(command):
                command.close()
            return None
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                return await command
        except (RedisError, OSError, TimeoutError) as error:
            self._alone_until = self._clock() + LEFT_ALONE_FOR_S
            log.warning("other replicas' prices are out of reach", error=str(error) or type(error).__name__)
            return None

    def _is_alone(self) -> bool:
        return self._clock() < self._alone_until


def _turn(key: str) -> str:
    return f"{key}:turn"
