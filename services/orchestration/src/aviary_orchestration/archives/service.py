"""Archived bots: told from their own files, and removed."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable

from pydantic import BaseModel

from aviary_orchestration.archives.database import ArchiveDatabase
from aviary_orchestration.archives.places import ArchivedFile, ArchivePlaces
from aviary_orchestration.archives.reading import Reader
from aviary_orchestration.archives.schemas import Removed
from aviary_orchestration.folder import BotsFolder

View = Callable[[ArchivedFile, ArchiveDatabase], BaseModel]
ForgetRuns = Callable[[str], Awaitable[int]]
"""Removes what is stored of a bot's runs, by its name, and says how many they were."""


class Archives:
    def __init__(self, folder: BotsFolder, forget_runs: ForgetRuns, reader: Reader | None = None) -> None:
        self._places = ArchivePlaces(folder.archived)
        self._reader = reader or Reader(folder.archived / ".reading")
        self._forget_runs = forget_runs

    async def prepare(self) -> None:
        await asyncio.to_thread(self._reader.prepare)

    async def files(self) -> list[str]:
        return await asyncio.to_thread(self._places.files)

    async def told(self, db_path: str, view: View) -> bytes:
        """The answer as JSON, which is written in the reader's thread as well: it may be megabytes."""
        file = await self._find(db_path)

        def work(connection: sqlite3.Connection) -> bytes:
            return view(file, ArchiveDatabase(connection)).model_dump_json().encode()

        return await self._reader.read(file.path, work)

    async def remove(self, db_path: str) -> Removed:
        """First the runs, then the files: whoever is interrupted can ask again."""
        file = await self._find(db_path)
        forgotten = await self._forget_runs(file.bot_name)
        await asyncio.to_thread(self._places.remove, file)
        return Removed(
            message=f"The archive of {file.bot_name} is removed.",
            bot_name=file.bot_name,
            bot_runs_deleted=forgotten,
        )

    async def _find(self, db_path: str) -> ArchivedFile:
        return await asyncio.to_thread(self._places.find, db_path)
