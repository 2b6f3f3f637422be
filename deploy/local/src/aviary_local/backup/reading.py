"""Reading a backup into an empty folder; what it says is believed only when all of it was read and fits."""

import hashlib
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from aviary_local.backup import manifest, sealing
from aviary_local.backup.errors import BrokenBackup
from aviary_local.backup.manifest import Manifest
from aviary_local.backup.writing import (
    CHECKSUMS_NAME,
    DATABASE_NAME,
    KEY_NAME,
    MANIFEST_NAME,
    SEALED_NAME,
    SECRETS_NAME,
)

DUMP_NAME: Final = "database.dump"
_CHUNK: Final = 1 << 20
_KEY_MAX: Final = 1 << 16

Progress = Callable[[int], None]


@dataclass
class Unpacked:
    """The folders by their names, ``secrets.env`` if it was included, and the database as one file ``dump``."""

    folder: Path
    manifest: Manifest | None = None
    sums: dict[str, str] = field(default_factory=dict)
    listed: dict[str, str] | None = None

    @property
    def dump(self) -> Path:
        return self.folder / DUMP_NAME

    @property
    def secrets(self) -> Path:
        return self.folder / SECRETS_NAME


def unpack(path: Path, passphrase: str, into: Path, progress: Progress) -> tuple[Manifest, Unpacked]:
    """Everything into the folder ``into``. ``BrokenBackup`` or ``WrongPassphrase`` if it cannot be believed."""
    found = Unpacked(into)
    with _sealed_part(path) as (key, sealed):
        identity = sealing.unlock(key, passphrase)
        with sealing.opened(sealed, identity) as plain:
            try:
                with tarfile.open(fileobj=plain, mode="r|") as tar:
                    for member in tar:
                        _take(tar, member, found)
                        progress(member.size)
            except tarfile.TarError:
                raise BrokenBackup(sealing.DAMAGED) from None
    if found.manifest is None or found.listed is None or found.listed != found.sums:
        raise BrokenBackup(sealing.DAMAGED)
    return found.manifest, found


@contextmanager
def _sealed_part(path: Path) -> Iterator[tuple[bytes, IO[bytes]]]:
    try:
        with tarfile.open(path, "r:") as outer:
            key, sealed = (_content(outer, name) for name in (KEY_NAME, SEALED_NAME))
            yield key.read(_KEY_MAX), sealed
    except FileNotFoundError:
        raise BrokenBackup(f"There is no file {path}.") from None
    except tarfile.TarError:
        raise BrokenBackup(sealing.DAMAGED) from None


def _content(outer: tarfile.TarFile, name: str) -> IO[bytes]:
    try:
        content = outer.extractfile(name)
    except KeyError:
        content = None
    if content is None:
        raise BrokenBackup(sealing.DAMAGED)
    return content


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, found: Unpacked) -> None:
    """Only folders and plain files, and only inside."""
    path = Path(member.name)
    if path.is_absolute() or ".." in path.parts or not (member.isdir() or member.isfile()):
        raise BrokenBackup(f"The backup has a member that it cannot have: {member.name!r}; nothing was touched.")
    target = found.folder / path
    if member.isdir():
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        _belongs(target, member)
        return
    content = tar.extractfile(member)
    if content is None:
        raise BrokenBackup(sealing.DAMAGED)
    if member.name == MANIFEST_NAME:
        text = content.read()
        found.manifest = manifest.read(text)
        found.sums[member.name] = hashlib.sha256(text).hexdigest()
    elif member.name == CHECKSUMS_NAME:
        pairs = (line.split("  ", 1) for line in content.read().decode().splitlines())
        found.listed = {name: digest for digest, name in pairs}
    elif path.parts[0] == DATABASE_NAME:
        found.sums[member.name] = _write(content, found.dump, os.O_APPEND)
    else:
        found.sums[member.name] = _write(content, target, os.O_EXCL)
        _belongs(target, member)


def _write(content: IO[bytes], target: Path, mode: int) -> str:
    digest = hashlib.sha256()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | mode, 0o600), "wb") as file:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def _belongs(path: Path, member: tarfile.TarInfo) -> None:
    """As it was; to whom it belongs only root can say."""
    if os.geteuid() == 0:
        os.chown(path, member.uid, member.gid)
    path.chmod(member.mode & 0o777)
    os.utime(path, (member.mtime, member.mtime))
