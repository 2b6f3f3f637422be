"""Restoring: a whole new `.aviary` is made beside the old one and takes its place at the very end.

Whatever goes wrong before that, a wrong passphrase, a damaged file, a full disk, the old one was not touched.
"""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from aviary_local import postgres_home, state
from aviary_local.backup.database import Database
from aviary_local.backup.errors import BackupError, NotFitting
from aviary_local.backup.installation import database_alone
from aviary_local.backup.making import Watcher
from aviary_local.backup.manifest import Manifest
from aviary_local.backup.reading import Unpacked, unpack
from aviary_local.backup.writing import DATABASE_NAME
from aviary_local.home import Home
from aviary_local.topology import FOLDERS, POSTGRES


@dataclass(frozen=True)
class Restored:
    """``aside`` is where the old data is now; ``kept`` are folders that the backup does not have."""

    manifest: Manifest
    aside: Path | None
    kept: tuple[str, ...]


def restore(path: Path, passphrase: str, home: Home, watcher: Watcher, *, replace: bool = False) -> Restored:
    """``AlreadyRunning`` while the stack runs, ``BackupError`` when the file or this place does not fit."""
    with state.lock(home) if home.run.is_dir() else nullcontext(), _draft_beside(home) as draft:
        state.clear_leftovers(home)
        _refuse_to_overwrite(home, (POSTGRES.name,), replace=replace)
        about, unpacked = read(path, passphrase, draft.data, watcher)
        _refuse_to_overwrite(home, about.folders, replace=replace)
        _provide_secrets(home, draft)
        with database_alone(draft) as database:
            load(unpacked.dump, database, watcher)
        return Restored(about, *_swap(home, draft, about))


def read(path: Path, passphrase: str, into: Path, watcher: Watcher) -> tuple[Manifest, Unpacked]:
    """All of it, believed and of a release that this one can follow."""
    watcher.began("reading and checking", path.stat().st_size if path.is_file() else None)
    about, unpacked = unpack(path, passphrase, into, watcher.advanced)
    about.refuse_from_a_newer_release()
    return about, unpacked


def load(dump: Path, database: Database, watcher: Watcher) -> None:
    """``dump`` is gone afterwards."""
    size = dump.stat().st_size
    watcher.began(DATABASE_NAME, size)
    database.load(dump)
    watcher.advanced(size)
    dump.unlink()


def _refuse_to_overwrite(home: Home, names: Sequence[str], *, replace: bool) -> None:
    taken = [name for name in names if _is_filled(home.folder(name))]
    if taken and not replace:
        raise BackupError(
            f"{home.data} has data already ({', '.join(taken)}). With --replace it is moved aside, not deleted."
        )


def _is_filled(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _provide_secrets(home: Home, draft: Home) -> None:
    """A backup without secrets needs those that it was made with: nothing else opens its credentials."""
    if draft.secrets.exists():
        return
    if not home.secrets.exists():
        raise NotFitting(
            f"The backup was made without secrets: put the secrets.env of its time into {home.data} first."
        )
    shutil.copy2(home.secrets, draft.secrets)


@contextmanager
def _draft_beside(home: Home) -> Iterator[Home]:
    draft = Home(home.root, f".aviary.restoring-{_now()}")
    draft.create(postgres_home.unprivileged())
    try:
        yield draft
    except BaseException:
        _delete(draft)
        raise


def _delete(draft: Home) -> None:
    """Also what root keeps elsewhere."""
    postgres = draft.folder(POSTGRES.name)
    if postgres.is_symlink():
        shutil.rmtree(postgres.readlink().parent)
    shutil.rmtree(draft.data)


def _swap(home: Home, draft: Home, about: Manifest) -> tuple[Path | None, tuple[str, ...]]:
    """Renames only. NATS' streams and Valkey's memory stay with the old data: they tell of a time that is no more."""
    kept = tuple(name for name in FOLDERS if name not in about.folders and _is_filled(home.folder(name)))
    for name in kept:
        home.folder(name).rename(draft.folder(name))
    aside = None
    if home.data.exists():
        aside = home.data.with_name(f".aviary.replaced-{_now()}")
        home.data.rename(aside)
    draft.data.rename(home.data)
    return aside, kept


def _now() -> str:
    return time.strftime("%Y%m%d-%H%M%S", time.gmtime())
