"""What this replica knows of runs, containers and problems, looked up again every few seconds."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aviary_common.database import Database
from aviary_common.errors import AviaryError
from aviary_orchestration.bots.hearing import Hearing
from aviary_orchestration.engine.containers import Container, Containers
from aviary_orchestration.records import store as records
from aviary_orchestration.runs import store as runs
from aviary_orchestration.runs.store import Run
from aviary_orchestration.watch import store as problems
from aviary_orchestration.watch.store import Known

RECALL_AGAIN_AFTER_S: Final = (1.0, 3.0, 6.0, 12.0, 30.0)
"""What was said before this replica listened may still be on its way when it first looks."""


@dataclass(frozen=True)
class View:
    """``docker_problem``: why containers are unknown."""

    runs: Mapping[str, Run] = field(default_factory=dict)
    containers: Mapping[str, Container] = field(default_factory=dict)
    problems: Mapping[str, Sequence[Known]] = field(default_factory=dict)
    docker_problem: str | None = None


class Sight:
    def __init__(self, database: Database, containers: Containers, hearing: Hearing, every_s: float) -> None:
        self._database = database
        self._containers = containers
        self._hearing = hearing
        self._every_s = every_s
        self._recalled: set[str] = set()
        self._recall_again_after_s = list(RECALL_AGAIN_AFTER_S)
        self._looked = asyncio.Event()
        self.view = View()

    async def look_forever(self) -> None:
        """Give it to ``Tasks.supervise``."""
        while True:
            await self.look()
            looked, self._looked = self._looked, asyncio.Event()
            looked.set()
            await asyncio.sleep(self._every_s)

    async def next(self) -> View:
        """What ``look_forever`` sees the next time."""
        await self._looked.wait()
        return self.view

    async def look(self) -> View:
        """Runs first: the container of a run that is deployed has been made by then."""
        async with self._database.single() as connection:
            found = await runs.unarchived(connection)
            wrong: dict[str, list[Known]] = {}
            for known in await problems.all_known(connection):
                wrong.setdefault(known.problem.bot_name, []).append(known)
        containers, docker_problem = await self._look_at_docker()
        await self._recall([run.bot_name for run in found])
        self.view = View({run.bot_name: run for run in found}, containers, wrong, docker_problem)
        return self.view

    async def _look_at_docker(self) -> tuple[Mapping[str, Container], str | None]:
        try:
            return {each.name: each for each in await self._containers.ours()}, None
        except AviaryError as error:
            return {}, error.detail

    async def _recall(self, bots: Sequence[str]) -> None:
        """Lines that were said before this replica listened, or before it was told of the bot."""
        again = self._recall_again_after_s
        if again and self._hearing.listening_s > again[0]:
            del again[0]
            self._recalled.clear()
        if not (fresh := [bot for bot in bots if bot not in self._recalled]):
            return
        async with self._database.single() as connection:
            for errors in (True, False):
                for bot, lines in (await records.recent_lines(connection, fresh, errors=errors)).items():
                    self._hearing.remember(bot).recall(lines)
        self._recalled.update(fresh)
