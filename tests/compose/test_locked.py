"""What the images' builder takes out of the lock: everything a package needs, and nothing else."""

import importlib.util
import re
from importlib.metadata import requires
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
LOCK = """\
a==1 \\
    --hash=sha256:00 \\
    --hash=sha256:01
    # via aviary-common
b==2 \\
    --hash=sha256:02
    # via
    #   a
    #   c
c==3 ; sys_platform != 'win32' \\
    --hash=sha256:03
    # via aviary-exchange
"""


@pytest.fixture(scope="module")
def locked() -> ModuleType:
    spec = importlib.util.spec_from_file_location("locked", ROOT / "deploy/docker/locked.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_asked_for_by_what_is_needed_is_needed(locked: ModuleType) -> None:
    entries = locked.read(LOCK)
    assert locked.needed(entries, ["aviary-common"]) == {"a", "b"}
    assert locked.needed(entries, ["aviary-exchange"]) == {"b", "c"}
    assert locked.needed(entries, ["c"]) == {"b", "c"}
    assert locked.needed(entries, []) == set()


def test_hashes_and_markers_are_kept(locked: ModuleType) -> None:
    text = locked.read(LOCK)["c"].text
    assert text == "c==3 ; sys_platform != 'win32' \\\n    --hash=sha256:03\n"


def test_the_committed_lock_names_every_dependency_of_ours(locked: ModuleType) -> None:
    entries = locked.read((ROOT / "requirements.lock").read_text())
    for package in ("aviary-common", "aviary-exchange", "aviary-trading", "aviary-backtesting"):
        asked = [re.match(r"[A-Za-z0-9._-]+", line) for line in requires(package) or [] if "extra ==" not in line]
        names = {match[0] for match in asked if match and not match[0].startswith("aviary-")}
        assert names <= locked.needed(entries, [package]), package
    assert "ccxt" not in locked.needed(entries, ["aviary-common", "aviary-messages"])
