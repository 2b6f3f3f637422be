"""What of an instance is worth keeping, and what must not be kept."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from aviary_common.errors import Unprocessable

CREDENTIALS: Final = PurePosixPath("conf/connectors")
PASSWORD_CHECK: Final = ".password_verification"


def entries(root: Path) -> Iterator[Path]:
    """Folders before what they hold, in the order of their names; neither credentials nor sockets and their like.

    Raise ``Unprocessable`` for a link that leaves the folder, or that would when the folder moves.
    """
    for path in sorted(root.iterdir()):
        yield from _below(path, root)


def refuse_links_out(root: Path) -> None:
    for _ in entries(root):
        pass


def secrets_of(root: Path) -> Iterator[Path]:
    """What ``entries`` leaves out because nobody should find it."""
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = Path(folder) / name
            if _is_secret(PurePosixPath(path.relative_to(root))):
                yield path


def _below(path: Path, root: Path) -> Iterator[Path]:
    mode = path.lstat().st_mode
    if _is_secret(PurePosixPath(path.relative_to(root))):
        return
    if stat.S_ISLNK(mode):
        _refuse_link_out(path, root)
        yield path
    elif stat.S_ISREG(mode):
        yield path
    elif stat.S_ISDIR(mode):
        yield path
        for each in sorted(path.iterdir()):
            yield from _below(each, root)


def _is_secret(inside: PurePosixPath) -> bool:
    return inside.name == PASSWORD_CHECK or inside.parent == CREDENTIALS


def _refuse_link_out(path: Path, root: Path) -> None:
    try:
        leaves = path.readlink().is_absolute() or not path.resolve().is_relative_to(root.resolve())
    except RuntimeError:  # in a circle
        leaves = True
    if leaves:
        raise Unprocessable(
            f"{path.relative_to(root)} is a link that leaves the bot's folder; remove it, then archive again.",
            code="link_leaves_folder",
        )
