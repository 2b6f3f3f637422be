"""Writing a backup: a tar in a tar, in one go and in little memory."""

import hashlib
import io
import os
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from aviary_local.backup import sealing, sqlite
from aviary_local.backup.errors import BackupError

README_NAME, KEY_NAME, SEALED_NAME = "README", "key.age", "backup.tar.age"
MANIFEST_NAME, SECRETS_NAME, CHECKSUMS_NAME, DATABASE_NAME = (
    "manifest.json", "secrets.env", "checksums.sha256", "database",
)  # fmt: skip
PIECE: Final = 8 << 20
README: Final = f"""A backup of Aviary. `aviary restore` puts it back. Without Aviary, with age and the passphrase:

    tar -xf THIS_FILE
    age --decrypt --identity {KEY_NAME} {SEALED_NAME} | tar -x
    sha256sum --check --quiet {CHECKSUMS_NAME}
    cat {DATABASE_NAME}/* | pg_restore --list

Whoever has the passphrase has the exchange keys too, unless the backup was made --without-secrets.
"""

Progress = Callable[[int], None]


@contextmanager
def backup_file(path: Path, passphrase: str) -> Iterator["Contents"]:
    """``path`` exists when the block has ended well, and never half of it; only its owner may read it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    identity = sealing.new_identity()
    key = sealing.lock(identity, passphrase)
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for name, content in ((README_NAME, README.encode()), (KEY_NAME, key)):
                _write_member(file, name, content)
            with _member_of_any_size(file, SEALED_NAME), sealing.sealed(file, identity) as plain:
                contents = Contents(plain)
                yield contents
                contents.finish()
            file.write(bytes(2 * tarfile.BLOCKSIZE))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # unlike a rename, it replaces nothing
    except FileExistsError:
        raise BackupError(f"{path} is there already: choose another name.") from None
    finally:
        draft.unlink(missing_ok=True)


class Contents:
    """What goes into the encrypted tar, one thing after the other."""

    def __init__(self, plain: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=plain, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._sums: dict[str, str] = {}

    def add_text(self, name: str, content: bytes) -> None:
        self._add(_info(name, len(content)), io.BytesIO(content))

    def add_stream(self, name: str, source: IO[bytes], progress: Progress) -> None:
        """In pieces, as a tar has to know a member's size before it has seen it."""
        number = 0
        while piece := source.read(PIECE):
            number += 1
            self.add_text(f"{name}/{number:07}", piece)
            progress(len(piece))

    def add_folder(self, name: str, folder: Path, progress: Progress) -> int:
        """How many files. What disappears meanwhile is not there, as if it had done so before."""
        files = 0
        self._tar.addfile(_directory(name, folder))
        for parent, folders, names in os.walk(folder):
            folders.sort()
            inside = Path(parent).relative_to(folder)
            for each in folders:
                self._tar.addfile(_directory(str(Path(name, inside, each)), Path(parent, each)))
            for each in sorted(names):
                path = Path(parent, each)
                if path.is_symlink() or not path.is_file() or sqlite.is_companion(path):
                    continue
                try:
                    self._add_file(str(Path(name, inside, each)), path)
                except FileNotFoundError:
                    continue
                files += 1
                progress(self._last_size)
        return files

    def finish(self) -> None:
        """Checksums come last; without them a backup is no backup."""
        listed = "".join(f"{digest}  {name}\n" for name, digest in self._sums.items()).encode()
        self._tar.addfile(_info(CHECKSUMS_NAME, len(listed)), io.BytesIO(listed))
        self._tar.close()

    def _add_file(self, name: str, path: Path) -> None:
        if not sqlite.is_database(path):
            self._copy(name, path, path)
            return
        with sqlite.whole_copy(path) as copy:
            self._copy(name, path, copy)

    def _copy(self, name: str, original: Path, content: Path) -> None:
        with content.open("rb") as file:
            status = original.stat()
            info = _info(name, os.fstat(file.fileno()).st_size, status)
            self._last_size = info.size
            self._add(info, file)

    def _add(self, info: tarfile.TarInfo, source: IO[bytes]) -> None:
        watched = _Watched(source)
        try:
            self._tar.addfile(info, watched)
        except OSError as error:
            if watched.is_short:
                raise BackupError(f"{info.name} became shorter while it was copied: try again.") from error
            raise
        self._sums[info.name] = watched.digest.hexdigest()


class _Watched:
    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()
        self.is_short = False

    def read(self, size: int = -1) -> bytes:
        found = self._source.read(size)
        self.is_short = len(found) < size
        self.digest.update(found)
        return found


def _info(name: str, size: int, status: os.stat_result | None = None) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(time.time())
    if status is not None:
        info.mode, info.uid, info.gid, info.mtime = (
            status.st_mode & 0o777,
            status.st_uid,
            status.st_gid,
            status.st_mtime,
        )
    return info


def _directory(name: str, folder: Path) -> tarfile.TarInfo:
    try:
        info = _info(name, 0, folder.stat())
    except FileNotFoundError:
        info = _info(name, 0)
        info.mode = 0o700
    info.type = tarfile.DIRTYPE
    return info


def _write_member(file: IO[bytes], name: str, content: bytes) -> None:
    file.write(_info(name, len(content)).tobuf(tarfile.GNU_FORMAT))
    file.write(content)
    _pad(file)


@contextmanager
def _member_of_any_size(file: IO[bytes], name: str) -> Iterator[None]:
    """Its header is written over when the size is known."""
    info, header_at = _info(name, 0), file.tell()
    file.write(info.tobuf(tarfile.GNU_FORMAT))
    yield
    info.size = file.tell() - header_at - tarfile.BLOCKSIZE
    _pad(file)
    end = file.tell()
    file.seek(header_at)
    file.write(info.tobuf(tarfile.GNU_FORMAT))
    file.seek(end)


def _pad(file: IO[bytes]) -> None:
    file.write(bytes(-file.tell() % tarfile.BLOCKSIZE))
