from urllib.parse import quote

import httpx
import pytest

from .conftest import Ask, MakeDatabase
from .hummingbot import BotDatabase

INSERT = "INSERT INTO \"{}\" VALUES ('here')"
WEIRD = [
    'quo"te',
    "semi; DROP TABLE Metadata; --",
    "with space",
    "sl/ash",
    "status",
    "x/trades",
    "per%cent",
    "'single'",
    "[brackets]",
    "ünïcode 表",
    "select",
    "..",
]


async def test_a_table_is_shown_as_it_is_stored(ask: Ask, database: BotDatabase) -> None:
    database.run(
        "CREATE TABLE Metadata (key TEXT, value BLOB, number)",
        "INSERT INTO Metadata VALUES ('version', x'00ff', 9e999), ('text', 'x', 1.5)",
    )
    answer = await ask("general-data/Metadata")
    assert (answer["db_path"], answer["table_name"], answer["total"]) == (database.listed, "Metadata", 2)
    assert answer["columns"] == ["key", "value", "number"]
    assert answer["data"] == [
        {"key": "version", "value": "00ff", "number": None},
        {"key": "text", "value": "x", "number": 1.5},
    ]


async def test_numbers_are_not_scaled(ask: Ask, database: BotDatabase) -> None:
    database.fill("BUY", "1.5", "1")
    assert (await ask("general-data/TradeFill"))["data"][0]["price"] == 1_500_000


async def test_a_table_has_pages(ask: Ask, database: BotDatabase) -> None:
    database.add_all("OrderStatus", [{} for _ in range(5)])
    first = await ask("general-data/OrderStatus", limit=2, offset=1)
    assert [row["id"] for row in first["data"]] == [2, 3]
    following = await ask("general-data/OrderStatus", limit=2, cursor=first["next_cursor"])
    assert [row["id"] for row in following["data"]] == [4, 5]


@pytest.mark.parametrize("name", WEIRD)
async def test_a_table_may_be_called_anything(api: httpx.AsyncClient, make_database: MakeDatabase, name: str) -> None:
    quoted = name.replace('"', '""')
    database = make_database({"Metadata": "key TEXT"})
    database.run(f'CREATE TABLE "{quoted}" ("co""l" TEXT)', INSERT.format(quoted))
    escaped = quote(name, safe="").replace(".", "%2e")
    url = httpx.URL("http://aviary").copy_with(
        raw_path=f"/archived-bots/{database.listed}/general-data/{escaped}".encode()
    )
    answer = await api.get(url)
    assert answer.status_code == 200, answer.text
    assert answer.json()["table_name"] == name
    assert answer.json()["data"] == [{'co"l': "here"}]


@pytest.mark.parametrize("name", ["Nothing", "tradefill", "sqlite_master", "TradeFill; DROP TABLE x", 'TradeFill" --'])
async def test_a_table_that_is_not_there_is_not_found(api: httpx.AsyncClient, database: BotDatabase, name: str) -> None:
    answer = await api.get(f"/archived-bots/{database.listed}/general-data/{quote(name, safe='')}")
    assert answer.status_code == 404
    assert "TradeFill" in answer.json()["detail"]


async def test_a_table_without_row_numbers_is_shown(ask: Ask, database: BotDatabase) -> None:
    database.run("CREATE TABLE plain (key TEXT PRIMARY KEY) WITHOUT ROWID", "INSERT INTO plain VALUES ('b'), ('a')")
    assert [row["key"] for row in (await ask("general-data/plain"))["data"]] == ["a", "b"]


async def test_a_view_and_a_virtual_table_are_not_shown(api: httpx.AsyncClient, database: BotDatabase) -> None:
    database.run("CREATE VIEW trades AS SELECT * FROM TradeFill", "CREATE VIRTUAL TABLE found USING fts5(words)")
    for name in ("trades", "found"):
        assert (await api.get(f"/archived-bots/{database.listed}/general-data/{name}")).status_code == 404
