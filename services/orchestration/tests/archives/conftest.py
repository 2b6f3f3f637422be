"""Archives of their own for every test; the app's folder is one for the whole run."""

import shutil
from collections.abc import Awaitable, Callable, Iterator
from itertools import count
from typing import Any, Final

import httpx
import pytest

from aviary_orchestration.folder import BotsFolder

from .hummingbot import BotDatabase

NUMBERS: Final = count(1)

MakeDatabase = Callable[..., BotDatabase]
Ask = Callable[..., Awaitable[Any]]


@pytest.fixture
def make_database(folder: BotsFolder) -> Iterator[MakeDatabase]:
    made: list[BotDatabase] = []

    def make(tables: dict[str, str] | None = None) -> BotDatabase:
        made.append(BotDatabase(folder, f"bot-{next(NUMBERS)}", tables))
        return made[-1]

    yield make
    for database in made:
        shutil.rmtree(database.path.parents[1], ignore_errors=True)


@pytest.fixture
def database(make_database: MakeDatabase) -> BotDatabase:
    """With all tables and no rows."""
    return make_database()


@pytest.fixture
def ask(api: httpx.AsyncClient, database: BotDatabase) -> Ask:
    """What the API says of ``database``."""

    async def asked(what: str, **params: Any) -> Any:
        answer = await api.get(f"/archived-bots/{database.listed}/{what}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return asked
