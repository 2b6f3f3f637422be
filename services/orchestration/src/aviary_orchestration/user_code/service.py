"""Questions about users' code: one run answers all who ask the same, and is remembered by the digest of the text."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from aviary_common.cancelling import end
from aviary_common.confined.errors import WorkerFailed
from aviary_common.confined.limits import Limits
from aviary_common.confined.run import run_confined
from aviary_common.errors import Unavailable, Unprocessable
from aviary_orchestration.user_code.answers import Checked, ConfigClass, Syntax
from aviary_orchestration.user_code.sources import Source

PACKAGE: Final = "aviary_orchestration.user_code"
LIMITS: Final = Limits()
AT_ONCE: Final = 2
PATIENCE_S: Final = 30.0
"""How long a question waits for its turn."""
REMEMBERED: Final = 256

_Known = ConfigClass | WorkerFailed


class UserCode:
    def __init__(self, *, allow_unconfined: bool = False, limits: Limits = LIMITS) -> None:
        self._allow_unconfined = allow_unconfined
        self._limits = limits
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._known: OrderedDict[bytes, _Known] = OrderedDict()
        self._under_way: dict[bytes, asyncio.Task[_Known]] = {}
        self.runs = 0

    async def check_syntax(self, content: str) -> None:
        """Raise ``Unprocessable`` with the line when this is not Python. Nothing of it runs."""
        syntax = Syntax.of(await self._ask("syntax:parse", content))
        if syntax.message is not None:
            place = "" if syntax.line is None else f"Line {syntax.line}: "
            raise Unprocessable(f"{place}this is not Python: {syntax.message}", code="bad_syntax")

    async def describe(self, source: Source) -> ConfigClass:
        """The fields of its config class. Raises a ``WorkerError`` when the code cannot be loaded."""
        key = source.digest
        found = self._known.get(key)
        if found is None:
            found = await self._described(key, source)
        else:
            self._known.move_to_end(key)
        if isinstance(found, WorkerFailed):
            raise WorkerFailed(found.kind, found.message, found.line, found.file)
        return found

    async def validate(self, source: Source, config: Mapping[str, object]) -> Checked:
        """What its config class says of a config."""
        return Checked.of(await self._ask("worker:validate", {**source.payload(), "config": config}))

    async def close(self) -> None:
        await end(*self._under_way.values())

    async def _described(self, key: bytes, source: Source) -> _Known:
        """Whoever gives up waiting does not end it for others."""
        if (task := self._under_way.get(key)) is None:
            task = self._under_way[key] = asyncio.create_task(self._run(source))
            task.add_done_callback(lambda done: self._remember(key, done))
        return await asyncio.shield(task)

    async def _run(self, source: Source) -> _Known:
        try:
            return ConfigClass.of(await self._ask("worker:describe", source.payload()))
        except WorkerFailed as failed:
            return failed

    def _remember(self, key: bytes, done: "asyncio.Task[_Known]") -> None:
        """What the code does by itself it would do again; what it ran into, time or memory, may be different."""
        self._under_way.pop(key, None)
        if not done.cancelled() and done.exception() is None:
            self._known[key] = done.result()
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)

    async def _ask(self, task: str, payload: object) -> object:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._turns.acquire()
        except TimeoutError:
            raise Unavailable("user code", "Too many controllers and scripts are being looked at; try again.") from None
        try:
            self.runs += 1
            return await run_confined(
                f"{PACKAGE}.{task}", payload, self._limits, allow_unconfined=self._allow_unconfined
            )
        finally:
            self._turns.release()
