"""An instance becomes an archive on this disk, in steps that may be repeated after any interruption.

instances/bot -> archived/.bot.partial   a copy, only from another filesystem
              -> archived/.bot           no longer an instance, not yet an archive: what must not be kept goes
              -> archived/bot            or bot.2, should there be one already
"""

import asyncio
import errno
import os
import shutil
from pathlib import Path
from typing import Final

from aviary_common.errors import NotFound, Unavailable
from aviary_orchestration.archiving.contents import entries, refuse_links_out, secrets_of
from aviary_orchestration.archiving.names import archive_names, bot_of, is_instance_name, number_of
from aviary_orchestration.folder import BotsFolder

TAKEN: Final = {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}
"""What a folder's new name may be refused for."""


async def archive_locally(folder: BotsFolder, instance: str) -> Path:
    """The archive's folder. Nobody may be writing to the instance; one that has been moved already stays where it is.

    Raise ``NotFound`` for no such instance, ``Unprocessable`` for links out of it, ``Unavailable`` if the disk refuses.
    """
    return await asyncio.to_thread(_archive, folder, instance)


def _archive(folder: BotsFolder, instance: str) -> Path:
    try:
        return _moved(folder, instance)
    except OSError as error:
        raise Unavailable("disk", f"{instance} cannot be archived: {error.strerror}.") from error


def _moved(folder: BotsFolder, instance: str) -> Path:
    if not is_instance_name(instance):
        raise NotFound(f"There is no bot instance {instance}.")
    source, staged = folder.instance(instance), folder.archived / f".{instance}"
    finished = _finish(staged, folder.archived, instance) if staged.exists() else None
    if source.exists():
        refuse_links_out(source)
        _stage(source, staged)
        return _finish(staged, folder.archived, instance)
    if finished is None:
        finished = _latest(folder.archived, instance)
    if finished is None:
        raise NotFound(f"There is no bot instance {instance}.")
    return finished


def _stage(source: Path, staged: Path) -> None:
    try:
        source.rename(staged)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        partial = staged.with_name(f"{staged.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        _copy(source, partial)
        partial.rename(staged)
        _sync(staged.parent)
        shutil.rmtree(source)


def _copy(source: Path, target: Path) -> None:
    """On the disk when it returns."""
    target.mkdir(mode=0o700)
    folders = [target]
    for path in entries(source):
        there = target / path.relative_to(source)
        if path.is_symlink():
            there.symlink_to(path.readlink())
        elif path.is_dir():
            there.mkdir(mode=0o700)
            folders.append(there)
        else:
            shutil.copy2(path, there)
            _sync(there)
    for folder in folders:
        _sync(folder)


def _finish(staged: Path, archived: Path, instance: str) -> Path:
    for secret in list(secrets_of(staged)):
        shutil.rmtree(secret) if secret.is_dir() and not secret.is_symlink() else secret.unlink(missing_ok=True)
    _close_to_others(staged)
    for name in archive_names(instance):
        try:
            staged.rename(archived / name)
        except OSError as error:
            if error.errno not in TAKEN:
                raise
        else:
            _sync(archived)
            return archived / name
    raise AssertionError  # there is always another number


def _close_to_others(root: Path) -> None:
    """The bot's container may have made what is not ours to change; the outermost folder is."""
    root.chmod(0o700)
    for folder, folders, files in os.walk(root):
        for mode, names in ((0o700, folders), (0o600, files)):
            for path in (Path(folder) / name for name in names):
                if not path.is_symlink() and path.stat().st_uid == os.geteuid():
                    path.chmod(mode)


def _latest(archived: Path, instance: str) -> Path | None:
    archives = [path for path in archived.iterdir() if bot_of(path.name) == instance]
    return max(archives, key=lambda path: number_of(path.name), default=None)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
