"""Making a backup, of a stack that works or stands still."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aviary_local.backup import manifest
from aviary_local.backup.errors import BackupError
from aviary_local.backup.installation import Installation
from aviary_local.backup.writing import DATABASE_NAME, MANIFEST_NAME, SECRETS_NAME, Contents, backup_file


class Watcher(Protocol):
    def began(self, name: str, total: int | None) -> None:
        """A part, and how many bytes it has if that is known."""
        ...

    def advanced(self, amount: int) -> None: ...


@dataclass(frozen=True)
class Made:
    path: Path
    size: int
    files: Mapping[str, int]


def make(
    installation: Installation,
    path: Path,
    passphrase: str,
    watcher: Watcher,
    *,
    without: Collection[str] = (),
    with_secrets: bool = True,
) -> Made:
    """The database first: what its rows name exists in folders that are copied after it."""
    folders = {name: folder for name, folder in installation.folders.items() if name not in without}
    with installation.database() as database, backup_file(path, passphrase) as contents:
        before = installation.secrets
        about = manifest.of_now(database.revisions(), list(folders), secrets=with_secrets)
        contents.add_text(MANIFEST_NAME, about.to_json())
        watcher.began(DATABASE_NAME, None)
        with database.dumped().stream() as dump:
            contents.add_stream(DATABASE_NAME, dump, watcher.advanced)
        if installation.secrets != before:
            raise BackupError("Keys were rotated meanwhile: make the backup again.")
        if with_secrets:
            contents.add_text(SECRETS_NAME, before)
        files = {name: _add_folder(contents, name, folder, watcher) for name, folder in folders.items()}
    return Made(path, path.stat().st_size, files)


def _add_folder(contents: Contents, name: str, folder: Path, watcher: Watcher) -> int:
    watcher.began(name, _size(folder))
    return contents.add_folder(name, folder, watcher.advanced)


def _size(folder: Path) -> int:
    """About: files come and go."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total
