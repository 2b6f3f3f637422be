import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aviary_common.errors import NotFound, Unavailable, Unprocessable
from aviary_orchestration.archives.places import ArchivePlaces
from aviary_orchestration.archiving import local
from aviary_orchestration.archiving.local import archive_locally
from aviary_orchestration.archiving.names import bot_of
from aviary_orchestration.archiving.service import Archiving
from aviary_orchestration.archiving.settings import ArchiveSettings
from aviary_orchestration.folder import BotsFolder

from .instances import files_of, is_closed, kept, make_instance

Rename = Callable[[Path, Path], Path]


@pytest.fixture
def two_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instances and archives on different filesystems, as far as renaming knows."""
    rename: Rename = Path.rename

    def refuse_across(source: Path, target: Path) -> Path:
        if source.parent != target.parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", refuse_across)


async def test_the_folder_moves_without_its_credentials(bots: BotsFolder) -> None:
    source = make_instance(bots)
    archive = await archive_locally(bots, "bot")
    assert archive == bots.archived / "bot"
    assert files_of(archive) == kept()
    assert not source.exists()
    assert list((archive / "conf" / "connectors").iterdir()) == []
    assert [path.name for path in bots.archived.iterdir()] == ["bot"]


@pytest.mark.usefixtures("two_disks")
async def test_it_is_copied_to_another_filesystem(bots: BotsFolder) -> None:
    source = make_instance(bots)
    os.mkfifo(source / "data" / "pipe")
    os.utime(source / "data" / "bot.sqlite", (5, 5))
    archive = await archive_locally(bots, "bot")
    assert files_of(archive) == kept()
    assert (archive / "data" / "latest.sqlite").readlink() == Path("bot.sqlite")
    assert (archive / "data" / "bot.sqlite").stat().st_mtime == 5
    assert not source.exists()
    assert [path.name for path in bots.archived.iterdir()] == ["bot"]


async def test_others_may_not_look_into_an_archive(bots: BotsFolder) -> None:
    source = make_instance(bots)
    for path in (source, source / "data"):
        path.chmod(0o755)
    archive = await archive_locally(bots, "bot")
    assert is_closed(archive)
    assert is_closed(archive / "data")


async def test_an_archive_is_never_overwritten(bots: BotsFolder) -> None:
    archives = []
    for run in (b"first", b"second", b"third"):
        make_instance(bots, data=run)
        archives.append(await archive_locally(bots, "bot"))
    assert [path.name for path in archives] == ["bot", "bot.2", "bot.3"]
    assert [files_of(path)["data/bot.sqlite"] for path in archives] == [b"first", b"second", b"third"]
    assert {bot_of(path.name) for path in archives} == {"bot"}
    assert "bots/archived/bot.2/data/bot.sqlite" in ArchivePlaces(bots.archived).files()


async def test_asking_again_tells_where_it_went(bots: BotsFolder) -> None:
    make_instance(bots)
    first = await archive_locally(bots, "bot")
    assert await archive_locally(bots, "bot") == first
    for _ in range(10):
        make_instance(bots)
        latest = await archive_locally(bots, "bot")
        assert await archive_locally(bots, "bot") == latest
    shutil.rmtree(first)
    assert await archive_locally(bots, "bot") == latest == bots.archived / "bot.11"


@pytest.mark.parametrize("name", ["nobody", "", ".", "..", "../archived", "bot/data", ".bot"])
async def test_an_unknown_instance_is_not_found(bots: BotsFolder, name: str) -> None:
    make_instance(bots)
    with pytest.raises(NotFound):
        await archive_locally(bots, name)
    assert list(bots.instances.iterdir()) == [bots.instance("bot")]


@pytest.mark.parametrize("target", ["../../outside", "/etc", "data/../../../outside", "circle"])
async def test_links_out_of_the_folder_are_refused_before_anything_moves(bots: BotsFolder, target: str) -> None:
    source = make_instance(bots)
    before = files_of(source)
    (source / "circle").symlink_to(target)
    with pytest.raises(Unprocessable, match="circle is a link"):
        await archive_locally(bots, "bot")
    assert files_of(source) == before
    assert list(bots.archived.iterdir()) == []


async def test_a_move_that_was_interrupted_is_finished(bots: BotsFolder) -> None:
    """Right after the first step: credentials are still there, and nothing lists it."""
    make_instance(bots).rename(bots.archived / ".bot")
    assert ArchivePlaces(bots.archived).files() == []
    archive = await archive_locally(bots, "bot")
    assert files_of(archive) == kept()


@pytest.mark.usefixtures("two_disks")
async def test_a_copy_that_was_interrupted_starts_again(bots: BotsFolder) -> None:
    make_instance(bots)
    (bots.archived / ".bot.partial" / "data").mkdir(parents=True)
    (bots.archived / ".bot.partial" / "data" / "bot.sqlite").write_bytes(b"tra")
    assert files_of(await archive_locally(bots, "bot")) == kept()
    assert [path.name for path in bots.archived.iterdir()] == ["bot"]


async def test_an_interrupted_move_does_not_swallow_the_next_run(bots: BotsFolder) -> None:
    make_instance(bots, data=b"first").rename(bots.archived / ".bot")
    make_instance(bots, data=b"second")
    archive = await archive_locally(bots, "bot")
    assert files_of(bots.archived / "bot")["data/bot.sqlite"] == b"first"
    assert files_of(archive)["data/bot.sqlite"] == b"second"


@pytest.mark.usefixtures("two_disks")
async def test_a_full_disk_leaves_the_instance(bots: BotsFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    source = make_instance(bots)
    before = files_of(source)

    def full(_source: Path, _target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(source))

    monkeypatch.setattr(local.shutil, "copy2", full)
    with pytest.raises(Unavailable, match="No space left on device") as refusal:
        await archive_locally(bots, "bot")
    assert str(bots.root) not in refusal.value.detail
    assert files_of(source) == before
    assert ArchivePlaces(bots.archived).files() == []


async def test_the_job_hears_where_the_folder_is(bots: BotsFolder) -> None:
    make_instance(bots)
    told = await Archiving(bots, ArchiveSettings()).archive("bot", locally=True, bucket=None)
    assert told == "Its folder is bots/archived/bot."
