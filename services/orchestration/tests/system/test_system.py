import asyncio
import os
from pathlib import Path
from threading import get_ident

import httpx
import psutil
import pytest

from aviary_orchestration.folder import BotsFolder
from aviary_orchestration.system.fresh import Fresh
from aviary_orchestration.system.resources import Machine
from aviary_orchestration.system.settings import HostSettings
from aviary_orchestration.system.sizes import human, size_of
from aviary_orchestration.system.storage import BotsStorage


async def test_resources_have_the_machines_figures(api: httpx.AsyncClient) -> None:
    answer = (await api.get("/system/resources")).json()
    cpu, memory, disk = answer["cpu"], answer["memory"], answer["disk"]
    assert cpu.keys() == {"percent", "count_logical", "count_physical", "load_avg_1m", "load_avg_5m", "load_avg_15m"}
    assert cpu["count_logical"] >= cpu["count_physical"] >= 1
    assert memory.keys() == {"total", "available", "used", "percent"}
    assert memory["total"] == psutil.virtual_memory().total
    assert disk.keys() == {"mountpoint", "total", "used", "free", "percent"}
    assert (disk["mountpoint"], disk["total"]) == ("host root", psutil.disk_usage("/").total)


def test_figures_come_from_where_the_host_is_mounted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "PROCFS_PATH", "/proc")
    meminfo = "MemTotal: 2048 kB\nMemFree: 1024 kB\nMemAvailable: 1536 kB\nBuffers: 0 kB\nCached: 0 kB\n"
    meminfo += "Shmem: 0 kB\nActive: 0 kB\nInactive: 0 kB\n"
    (tmp_path / "meminfo").write_text(meminfo)
    (tmp_path / "stat").write_text("cpu  1 1 1 1 1 1 1 1 1 1\n")
    (tmp_path / "cpuinfo").touch()
    resources = Machine(HostSettings(host_proc=tmp_path, host_disk_path=tmp_path)).look()
    assert (resources.memory.total, resources.memory.available) == (2048 * 1024, 1536 * 1024)
    assert resources.disk.total == psutil.disk_usage(str(tmp_path)).total


@pytest.mark.parametrize("names", [("AVIARY_HOST_PROC", "AVIARY_HOST_DISK_PATH"), ("HOST_PROC", "HOST_DISK_PATH")])
def test_both_names_of_the_settings_are_read(names: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(names[0], "/host/proc")
    monkeypatch.setenv(names[1], "/host/root")
    settings = HostSettings()
    assert (str(settings.host_proc), str(settings.host_disk_path)) == ("/host/proc", "/host/root")


async def test_storage_names_the_parts_that_grow(api: httpx.AsyncClient) -> None:
    answer = await api.get("/storage/")
    assert answer.status_code == 200
    assert list(answer.json()["directories"]) == ["archived", "instances", "conf"]
    assert answer.json() == (await api.get("/storage")).json()


def test_folders_come_largest_first_with_everything_in_them(tmp_path: Path) -> None:
    folder = BotsFolder(tmp_path)
    folder.prepare()
    for name, size in (("small", 10), ("large", 2048), ("same", 10)):
        (folder.instances / name / "data").mkdir(parents=True)
        (folder.instances / name / "data" / "bot.sqlite").write_bytes(b"x" * size)
    (folder.instances / "loose").write_bytes(b"x" * 5)
    (folder.instances / ".hidden").mkdir()
    (folder.instances / ".hidden" / "x").write_bytes(b"x" * 7)
    (folder.controller_configs / "a.yml").write_bytes(b"x" * 3)
    storage = BotsStorage(folder).look()
    instances = storage.directories["instances"]
    assert [(item.name, item.size_bytes) for item in instances.items] == [("large", 2048), ("same", 10), ("small", 10)]
    assert (instances.item_count, instances.size_bytes, instances.size_human) == (3, 2080, "2.03 KB")
    assert storage.directories["conf"].size_bytes == 3
    assert storage.total_size_bytes == 2083


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "big").write_bytes(b"x" * 10_000)
    bots = tmp_path / "bots"
    bots.mkdir()
    (bots / "link").symlink_to(tmp_path / "elsewhere")
    (bots / "circle").symlink_to(bots)
    assert size_of(bots) < 1000


def test_a_folder_that_is_not_there_takes_no_room(tmp_path: Path) -> None:
    assert BotsStorage(BotsFolder(tmp_path / "nowhere")).look().total_size_human == "0.00 B"


def test_a_name_that_is_no_text_can_be_told(tmp_path: Path) -> None:
    folder = BotsFolder(tmp_path)
    folder.prepare()
    (folder.instances / os.fsdecode(b"\xff")).mkdir()
    assert BotsStorage(folder).look().model_dump_json()


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0.00 B"),
        (1023, "1023.00 B"),
        (1024, "1.00 KB"),
        (1_320_702_444, "1.23 GB"),
        (5 * 2**40, "5.00 TB"),
        (2**60, "1048576.00 TB"),
    ],
)
def test_sizes_are_shown_in_steps_of_1024(size: int, text: str) -> None:
    assert human(size) == text


async def test_many_askers_share_one_look_until_it_is_old() -> None:
    now = 0.0
    looks: list[int] = []

    def look() -> int:
        looks.append(get_ident())
        return len(looks)

    fresh = Fresh(look, 10.0, lambda: now)
    assert await asyncio.gather(*(fresh.get() for _ in range(5))) == [1] * 5
    now = 10.0
    assert await fresh.get() == 1
    now = 10.1
    assert await fresh.get() == 2
    assert get_ident() not in looks
