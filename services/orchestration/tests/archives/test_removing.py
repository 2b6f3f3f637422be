"""The runs of a removed bot are somebody else's to forget."""

from pathlib import Path

import pytest

from aviary_common.errors import Unavailable
from aviary_orchestration.archives.service import Archives
from aviary_orchestration.folder import BotsFolder

from .hummingbot import BotDatabase


async def test_the_runs_of_the_bot_are_forgotten_with_it(tmp_path: Path) -> None:
    forgotten: list[str] = []

    async def forget(bot_name: str) -> int:
        forgotten.append(bot_name)
        return 3

    folder = BotsFolder(tmp_path)
    database = BotDatabase(folder, "bot.2")
    removed = await Archives(folder, forget).remove(database.listed)
    assert (removed.bot_name, removed.bot_runs_deleted, forgotten) == ("bot", 3, ["bot"])


async def test_while_runs_cannot_be_forgotten_the_files_stay(tmp_path: Path) -> None:
    async def fail(_bot_name: str) -> int:
        raise Unavailable("database")

    folder = BotsFolder(tmp_path)
    database = BotDatabase(folder, "bot")
    with pytest.raises(Unavailable):
        await Archives(folder, fail).remove(database.listed)
    assert database.path.exists()
