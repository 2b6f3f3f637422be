import os
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from aviary_common.errors import Forbidden
from aviary_orchestration.archives.places import ArchivedFile, ArchivePlaces
from aviary_orchestration.folder import BotsFolder

from .conftest import MakeDatabase
from .hummingbot import BotDatabase


async def test_the_list_names_files_as_hummingbots_users_know_them(
    api: httpx.AsyncClient, make_database: MakeDatabase
) -> None:
    two = sorted(make_database().listed for _ in range(2))
    assert [name for name in (await api.get("/archived-bots/")).json() if name in two] == two


async def test_the_list_shows_no_other_files(
    api: httpx.AsyncClient, folder: BotsFolder, database: BotDatabase, tmp_path: Path
) -> None:
    (tmp_path / "secret.sqlite").write_bytes(database.path.read_bytes())
    data = database.path.parent
    (data / "notes.txt").touch()
    (data / "folder.sqlite").mkdir()
    (data / "elsewhere.sqlite").symlink_to(tmp_path / "secret.sqlite")
    (data / "circle.sqlite").symlink_to(data / "circle.sqlite")
    (data.parent / "top.sqlite").touch()
    hidden = folder.archived / ".arriving" / "data"
    hidden.mkdir(parents=True)
    (hidden / "bot.sqlite").touch()
    listed = (await api.get("/archived-bots")).json()
    assert [name for name in listed if "arriving" in name or database.path.stem in name] == [database.listed]


async def test_a_name_that_is_no_text_is_not_listed(api: httpx.AsyncClient, database: BotDatabase) -> None:
    database.path.rename(database.path.parent / os.fsdecode(b"\xff.sqlite"))
    answer = await api.get("/archived-bots")
    assert answer.status_code == 200
    assert not [name for name in answer.json() if database.path.stem in name]


async def test_a_file_may_be_named_without_bots_and_encoded(api: httpx.AsyncClient, database: BotDatabase) -> None:
    database.add("TradeFill")
    short = database.listed.removeprefix("bots/")
    for name in (database.listed, short, quote(database.listed, safe=""), quote(short, safe="")):
        answer = await api.get(f"/archived-bots/{name}/summary")
        assert answer.status_code == 200, name
        assert answer.json()["db_path"] == database.listed


@pytest.mark.parametrize(
    "path",
    [
        "bots/archived/../instances/bot/data/bot.sqlite",
        "bots/archived/%2e%2e/instances/bot/data/bot.sqlite",
        "bots/archived/..%2f..%2fetc/passwd",
        "bots%2Farchived%2F..%2F..%2Fsecrets.env",
        "archived/bot/../../instances/x",
        "bots/instances/bot/data/bot.sqlite",
        "bots/conf/x.sqlite",
        "bots/archived",
        "bots/archived/bot",
        "bots/archived/.reading/x",
        "archived/%2e",
        "/etc/passwd",
        "%2Fetc%2Fpasswd",
        "/bots/archived/x/data/x.sqlite",
        "bots/archived/%00/data/x.sqlite",
        "file:bots/archived/x",
        "..",
    ],
)
@pytest.mark.parametrize("method", ["status", "trades", "general-data/TradeFill", None])
async def test_nothing_outside_the_archive_is_read_or_removed(
    api: httpx.AsyncClient, folder: BotsFolder, path: str, method: str | None
) -> None:
    bystander = folder.instances / "bot" / "data" / "bot.sqlite"
    bystander.parent.mkdir(parents=True, exist_ok=True)
    bystander.touch()
    path = path.replace("..", "%2e%2e")  # the client would tidy up dots
    url = httpx.URL("http://aviary").copy_with(
        raw_path=f"/archived-bots/{path}{f'/{method}' if method else ''}".encode()
    )
    answer = await api.get(url) if method else await api.delete(url)
    assert answer.status_code == 400, answer.text
    assert str(folder.root) not in answer.text
    assert bystander.exists()


async def test_a_link_out_of_the_archive_is_outside(
    api: httpx.AsyncClient, folder: BotsFolder, database: BotDatabase, tmp_path: Path
) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "x.sqlite").write_bytes(database.path.read_bytes())
    (database.path.parent / "x.sqlite").symlink_to(tmp_path / "bot" / "x.sqlite")
    (folder.archived / "linked").symlink_to(tmp_path)
    try:
        for name in (database.listed.replace(database.path.name, "x.sqlite"), "bots/archived/linked/bot/x.sqlite"):
            assert (await api.get(f"/archived-bots/{name}/status")).status_code == 400
            assert (await api.delete(f"/archived-bots/{name}")).status_code == 400
    finally:
        (folder.archived / "linked").unlink()
    assert (tmp_path / "bot" / "x.sqlite").exists()


async def test_a_link_within_the_archive_is_the_file_it_means(api: httpx.AsyncClient, database: BotDatabase) -> None:
    database.add("TradeFill")
    (database.path.parent / "again.sqlite").symlink_to(database.path.name)
    answer = await api.get(f"/archived-bots/{database.listed.replace(database.path.name, 'again.sqlite')}/summary")
    assert answer.json()["db_path"] == database.listed


async def test_a_missing_file_is_not_found(api: httpx.AsyncClient, folder: BotsFolder, database: BotDatabase) -> None:
    for name in ("bots/archived/nobody/data/x.sqlite", f"bots/archived/{'n' * 300}/x", database.listed + "/more"):
        answer = await api.get(f"/archived-bots/{name}/summary")
        assert answer.status_code in {400, 404}, name
        assert str(folder.root) not in answer.text
    missing = await api.get("/archived-bots/bots/archived/nobody/data/x.sqlite/summary")
    assert missing.status_code == 404
    assert missing.json()["code"] == "not_found"


async def test_deleting_removes_all_that_the_bot_left_and_nothing_else(
    api: httpx.AsyncClient, make_database: MakeDatabase
) -> None:
    gone, stays = make_database(), make_database()
    (gone.path.parents[1] / "logs").mkdir()
    (gone.path.parents[1] / "logs" / "bot.log").write_text("it traded")
    answer = await api.delete(f"/archived-bots/{gone.listed}")
    bot = gone.path.stem
    assert answer.json() == {"message": f"The archive of {bot} is removed.", "bot_name": bot, "bot_runs_deleted": 0}
    assert not gone.path.parents[1].exists()
    assert stays.path.exists()
    assert (await api.delete(f"/archived-bots/{gone.listed}")).status_code == 404


def test_an_archive_that_may_not_be_removed_is_forbidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> None:
        raise PermissionError

    monkeypatch.setattr("shutil.rmtree", refuse)
    with pytest.raises(Forbidden):
        ArchivePlaces(tmp_path).remove(ArchivedFile("bots/archived/bot/x", tmp_path / "bot" / "x", "bot"))
