"""Runs as they are asked for."""

import asyncio
import shutil
from collections import Counter
from typing import Final

from aviary_common.database import Database
from aviary_common.errors import Conflict, NotFound
from aviary_orchestration.folder import BotsFolder
from aviary_orchestration.runs import store
from aviary_orchestration.runs.schemas import RunCounts
from aviary_orchestration.runs.states import ACTIVE, Desired
from aviary_orchestration.runs.store import Filter, Run

MAX_OFFSET: Final = 1_000_000


class Runs:
    def __init__(self, database: Database, folder: BotsFolder) -> None:
        self._database = database
        self._folder = folder

    async def page(self, wanted: Filter, limit: int, offset: int) -> tuple[list[Run], int]:
        async with self._database.single() as connection:
            return await store.page(connection, wanted, limit, offset)

    async def get(self, run_id: int) -> Run:
        async with self._database.single() as connection:
            found = await store.get(connection, run_id)
        if found is None:
            raise NotFound(f"There is no bot run {run_id}.")
        return found

    async def named(self, bot_name: str) -> Run:
        async with self._database.single() as connection:
            found = await store.find(connection, bot_name)
        if found is None:
            raise NotFound(f"There is no bot {bot_name}.", code="unknown_bot")
        return found

    async def wish(self, bot_name: str, desired: Desired) -> None:
        """What the user wants of a bot from now on; nothing when it is no bot, or on its way into the archive."""
        async with self._database.transaction() as connection:
            run = await store.locked(connection, bot_name)
            if run is not None and run.is_deployed and run.desired is not Desired.ARCHIVED:
                await store.change(connection, run.id, desired=desired)

    async def counts(self) -> RunCounts:
        async with self._database.single() as connection:
            rows = await store.counts(connection)
        types: Counter[str] = Counter()
        states: Counter[str] = Counter()
        for row in rows:
            types[row.strategy_type] += row.runs
            states[row.run_status] += row.runs
        return RunCounts(
            total_runs=types.total(),
            active_runs=sum(states[each] for each in ACTIVE),
            strategy_type_counts=dict(types),
            status_counts=dict(states),
        )

    async def remove(self, run_id: int) -> tuple[Run, bool]:
        """And whether there was an archive. 409 while the bot is still deployed."""
        run = await self.get(run_id)
        if run.is_deployed:
            raise Conflict(f"{run.bot_name} is still deployed; archive it first.", code="bot_deployed")
        archive = self._folder.archived / run.bot_name
        existed = await asyncio.to_thread(archive.is_dir)
        if existed:
            await asyncio.to_thread(shutil.rmtree, archive)
        async with self._database.single() as connection:
            await store.remove(connection, run_id)
        return run, existed

    async def forget(self, bot_name: str) -> int:
        """Every run of that name; how many there were."""
        async with self._database.single() as connection:
            return await store.remove_named(connection, bot_name)
