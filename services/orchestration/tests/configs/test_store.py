"""Config files on disk."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aviary_common.errors import BadRequest, Conflict, NotFound
from aviary_orchestration.configs import private_files
from aviary_orchestration.configs.store import ConfigStore
from aviary_orchestration.configs.yaml_text import Malformed


@pytest.fixture
def store(tmp_path: Path) -> ConfigStore:
    return ConfigStore(tmp_path)


def test_a_config_comes_back_and_goes(store: ConfigStore, tmp_path: Path) -> None:
    store.write("one.yml", {"a": 1})
    assert store.read("one") == store.read("one.yml") == {"a": 1}
    assert (tmp_path / "one.yml").read_text() == "a: 1\n"
    assert (tmp_path / "one.yml").stat().st_mode & 0o777 == 0o600
    store.delete("one")
    with pytest.raises(NotFound):
        store.delete("one")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", ".yml", "../x", "a/b", "/etc/passwd", ".hidden", "a.yaml", "a.yml.yml", "a%2fb", "a\\b", "~"),
        *("ä", "١", "a b", "a\n", "a\0", "x" * 65),
    ],
)
def test_names_name_no_places(store: ConfigStore, name: str) -> None:
    for act in (store.read, store.delete, lambda name: store.write(name, {}), lambda name: store.create(name, {})):
        with pytest.raises(BadRequest):
            act(name)


def test_only_configs_are_listed(store: ConfigStore, tmp_path: Path) -> None:
    for name in ("b", "a", "a-b_1"):
        store.write(name, {})
    (tmp_path / ".hidden.yml").write_text("a: 1")
    (tmp_path / "notes.txt").write_text("a: 1")
    (tmp_path / "with space.yml").write_text("a: 1")
    (tmp_path / "folder.yml").mkdir()
    assert store.names() == ["a", "a-b_1", "b"]
    assert ConfigStore(tmp_path / "nowhere").names() == []


def test_files_that_cannot_be_read_say_why(store: ConfigStore, tmp_path: Path) -> None:
    (tmp_path / "bytes.yml").write_bytes(b"a: \xff")
    (tmp_path / "large.yml").write_bytes(b"a: " + b"x" * 2**20)
    (tmp_path / "list.yml").write_text("- a")
    listed = store.all()
    assert [each.name for each in listed] == ["bytes", "large", "list"]
    assert [each.error for each in listed] == [
        "bytes.yml is not text in UTF-8",
        "large.yml is larger than 1,048,576 bytes.",
        "list.yml is not a list of names and values",
    ]
    with pytest.raises(Malformed):
        store.read("list")


def test_links_lead_nowhere(store: ConfigStore, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key: 1")
    (tmp_path / "link.yml").symlink_to(secret)
    with pytest.raises(NotFound):
        store.read("link")
    store.write("link", {"a": 1})
    assert secret.read_text() == "key: 1"
    assert store.read("link") == {"a": 1}


def test_of_many_who_create_it_one_does(store: ConfigStore, tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def create(number: int) -> bool:
        together.wait()
        try:
            store.create("one", {"number": number})
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        created = list(pool.map(create, range(8)))
    assert created.count(True) == 1
    assert store.read("one") == {"number": created.index(True)}
    assert [path.name for path in tmp_path.iterdir()] == ["one.yml"]


def test_readers_see_one_writer_or_the_other(store: ConfigStore) -> None:
    store.write("one", {"text": "0" * 20_000})
    done = threading.Event()

    def write(digit: str) -> None:
        for _ in range(30):
            store.write("one", {"text": digit * 20_000})

    def look() -> set[object]:
        seen = set()
        while not done.is_set():
            seen.add(store.read("one")["text"])
        return seen

    with ThreadPoolExecutor(3) as pool:
        looking = pool.submit(look)
        for writing in [pool.submit(write, digit) for digit in "12"]:
            writing.result()
        done.set()
    assert looking.result() <= {digit * 20_000 for digit in "012"}


def test_replacing_what_is_not_there_creates_nothing(store: ConfigStore) -> None:
    with pytest.raises(NotFound):
        store.replace("one", {})
    assert store.names() == []


def test_a_write_that_fails_leaves_the_old_file_alone(
    store: ConfigStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write("one", {"a": 1})

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(private_files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.write("one", {"a": 2})
    assert store.read("one") == {"a": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["one.yml"]
