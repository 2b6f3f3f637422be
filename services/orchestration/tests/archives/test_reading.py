"""Files as bots leave them, whole or not; none is changed by being read."""

import asyncio
import os
import shutil
import sqlite3
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

import httpx
import pytest

from aviary_common.errors import DeadlineExceeded
from aviary_orchestration.archives.reading import Reader
from aviary_orchestration.folder import BotsFolder

from .conftest import Ask, MakeDatabase
from .hummingbot import BotDatabase

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
ANSWERS = [
    "status",
    "summary",
    "performance",
    "trades",
    "orders",
    "positions",
    "executors",
    "executors-config",
    "controllers",
    "general-data/TradeFill",
]


def snapshot(folder: Path) -> dict[str, tuple[str, int]]:
    """Every file with its content and the time of its last change."""
    return {
        str(path.relative_to(folder)): (blake2b(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("what", ANSWERS)
async def test_reading_leaves_no_trace(ask: Ask, database: BotDatabase, what: str) -> None:
    database.fill_everything()
    before = snapshot(database.path.parents[1])
    await ask(what)
    assert snapshot(database.path.parents[1]) == before


@pytest.mark.parametrize("content", [b"", b"S", b"Hello, world" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
@pytest.mark.parametrize("what", ANSWERS)
async def test_what_is_no_database_is_refused_with_a_sentence(
    api: httpx.AsyncClient, folder: BotsFolder, database: BotDatabase, content: bytes, what: str
) -> None:
    database.path.write_bytes(content)
    answer = await api.get(f"/archived-bots/{database.listed}/{what}")
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "bad_archive"
    assert str(folder.root) not in answer.text


@pytest.mark.parametrize("what", ["trades", "performance", "general-data/TradeFill"])
async def test_a_truncated_file_is_refused(api: httpx.AsyncClient, database: BotDatabase, what: str) -> None:
    database.add_all("TradeFill", [{}] * 2000)
    size = database.path.stat().st_size
    os.truncate(database.path, size // 2 // 4096 * 4096)
    answer = await api.get(f"/archived-bots/{database.listed}/{what}", params={"limit": 1000, "offset": 1000})
    assert answer.status_code == 422, answer.text


async def test_the_status_of_a_damaged_file_says_which_table_is(ask: Ask, database: BotDatabase) -> None:
    database.fill_everything()
    with closing(sqlite3.connect(database.path)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'Order'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with database.path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    status = (await ask("status"))["status"]
    assert status["orders"].startswith("Error - ")
    assert status["trade_fill"] == "Correct"


async def test_a_database_of_somebody_else_is_refused_but_its_tables_can_be_read(
    api: httpx.AsyncClient, make_database: MakeDatabase
) -> None:
    database = make_database({"birds": "name TEXT"})
    for what in ("summary", "performance", "trades", "orders", "positions", "executors", "controllers"):
        answer = await api.get(f"/archived-bots/{database.listed}/{what}")
        assert answer.status_code == 422, what
    status = await api.get(f"/archived-bots/{database.listed}/status")
    assert status.json()["status"]["trade_fill"] == "Error - no such table: TradeFill"
    assert (await api.get(f"/archived-bots/{database.listed}/general-data/birds")).json()["columns"] == ["name"]


@pytest.fixture
def killed(database: BotDatabase) -> BotDatabase:
    """A bot that wrote ahead and never came to tidy up: its second fill is only in the log."""
    database.run("PRAGMA journal_mode=WAL")
    database.add("TradeFill", order_id="tidied")
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("INSERT INTO TradeFill (order_id, market, symbol) VALUES ('hot', 'binance', 'BTC-USDT')")
        connection.commit()
        left = {path: path.read_bytes() for path in database.path.parent.iterdir()}
    for path, content in left.items():
        path.write_bytes(content)
    (database.path.parent / f"{database.path.name}-shm").unlink()
    return database


async def test_a_write_ahead_log_is_read_and_left_alone(ask: Ask, folder: BotsFolder, killed: BotDatabase) -> None:
    before = snapshot(killed.path.parents[1])
    assert [trade["order_id"] for trade in (await ask("trades"))["trades"]] == ["tidied", "hot"]
    assert snapshot(killed.path.parents[1]) == before
    assert not list((folder.archived / ".reading").iterdir())


async def test_a_log_is_read_where_files_cannot_be_linked(
    ask: Ask, killed: BotDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_copy: Path, _target: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert (await ask("trades"))["total"] == 2


async def test_a_database_in_that_mode_without_a_log_is_read_as_well(ask: Ask, database: BotDatabase) -> None:
    database.run("PRAGMA journal_mode=WAL")
    database.add("TradeFill")
    before = snapshot(database.path.parents[1])
    assert (await ask("trades"))["total"] == 1
    assert snapshot(database.path.parents[1]) == before


async def test_an_interrupted_transaction_is_rolled_back_in_a_copy(ask: Ask, database: BotDatabase) -> None:
    database.add_all("TradeFill", [{"strategy": "before"} for _ in range(500)])
    left: dict[Path, bytes] = {}
    with closing(sqlite3.connect(database.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size=1")
        connection.execute("BEGIN")
        connection.execute("UPDATE TradeFill SET strategy = 'half'")
        left = {path: path.read_bytes() for path in database.path.parent.iterdir()}
        connection.execute("ROLLBACK")
    for path, content in left.items():
        path.write_bytes(content)
    assert any(path.name.endswith("-journal") for path in left)
    assert b"half" in left[database.path]
    before = snapshot(database.path.parents[1])
    trades = (await ask("trades", limit=1000))["trades"]
    assert {trade["strategy"] for trade in trades} == {"before"}
    assert snapshot(database.path.parents[1]) == before


async def test_many_read_one_file_at_once(ask: Ask, database: BotDatabase) -> None:
    database.add_all("TradeFill", [{} for _ in range(50)])
    answers = await asyncio.gather(*(ask("trades", limit=10, offset=place) for place in range(40)))
    assert [answer["trades"][0]["order_id"] for answer in answers] == [f"tradefill-{2 * n + 1}" for n in range(40)]


async def test_a_query_without_end_is_given_up(tmp_path: Path) -> None:
    database = BotDatabase(BotsFolder(tmp_path), "bot")
    reader = Reader(tmp_path / "desk", deadline_s=0.05)
    with pytest.raises(DeadlineExceeded):
        await reader.read(database.path, lambda connection: connection.execute(ENDLESS).fetchall())


async def test_nobody_waits_for_ever_for_a_turn(tmp_path: Path) -> None:
    database = BotDatabase(BotsFolder(tmp_path), "bot")
    reader = Reader(tmp_path / "desk", deadline_s=0.5)
    held = asyncio.Event()

    async def hold() -> None:
        async with reader._turns:
            held.set()
            await asyncio.Event().wait()

    holders = [asyncio.create_task(hold()) for _ in range(reader._turns._value)]
    await held.wait()
    with pytest.raises(DeadlineExceeded, match="Too many"):
        await reader.read(database.path, lambda _: None)
    for holder in holders:
        holder.cancel()
    await asyncio.gather(*holders, return_exceptions=True)


async def test_nothing_can_be_written(tmp_path: Path) -> None:
    database = BotDatabase(BotsFolder(tmp_path), "bot")

    def write(connection: sqlite3.Connection) -> str:
        with pytest.raises(sqlite3.OperationalError) as refusal:
            connection.execute("DELETE FROM TradeFill")
        return str(refusal.value)

    assert "readonly" in await Reader(tmp_path / "desk").read(database.path, write)


def test_what_a_kill_left_on_the_desk_is_cleared_after_a_day(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for each in (old, new):
        each.mkdir()
        (each / "archive.sqlite").touch()
    os.utime(old, (0, 0))
    Reader(tmp_path).prepare()
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    shutil.rmtree(new)
