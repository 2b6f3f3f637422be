"""Where archived databases lie. Callers know them as ``bots/archived/<instance>/data/<file>.sqlite``."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from aviary_common.errors import BadRequest, Forbidden, NotFound
from aviary_orchestration.archiving.names import bot_of, is_instance_name

LISTED_AS: Final = PurePosixPath("bots/archived")


@dataclass(frozen=True)
class ArchivedFile:
    """``path`` is real and inside the archive; ``listed`` is how answers call it."""

    listed: str
    path: Path
    instance: str

    @property
    def bot_name(self) -> str:
        return bot_of(self.instance)


class ArchivePlaces:
    """Every method blocks: give it to a thread."""

    def __init__(self, archived: Path) -> None:
        self._archived = archived

    def files(self) -> list[str]:
        return sorted(self._listed())

    def find(self, db_path: str) -> ArchivedFile:
        """Raise ``BadRequest`` for what is not inside the archive, links followed, and ``NotFound`` for no file."""
        inside = PurePosixPath(db_path).parts
        inside = inside[1:] if inside[:1] == ("bots",) else inside
        if inside[:1] != ("archived",):
            raise _outside()
        try:
            file = self._archived_file(self._archived.joinpath(*inside[1:]))
            there = file is not None and file.path.is_file()
        except (OSError, RuntimeError, ValueError) as error:  # too long, links in a circle, a null byte
            raise _outside() from error
        if file is None:
            raise _outside()
        if not there:
            raise NotFound("There is no such archived database; GET /archived-bots lists them.")
        return file

    def remove(self, file: ArchivedFile) -> None:
        """Everything that the bot left behind."""
        try:
            shutil.rmtree(self._archived.resolve() / file.instance)
        except PermissionError as error:
            raise Forbidden("The archive belongs to somebody else and cannot be removed from here.") from error

    def _listed(self) -> Iterator[str]:
        for path in self._archived.glob("[!.]*/data/*.sqlite"):
            with contextlib.suppress(OSError, RuntimeError, UnicodeEncodeError):
                file = self._archived_file(path)
                if file is not None and file.path.is_file() and file.listed.encode():
                    yield file.listed

    def _archived_file(self, path: Path) -> ArchivedFile | None:
        """``None``: it leaves the archive, or belongs to no instance that has arrived."""
        root, real = self._archived.resolve(), path.resolve()
        if not real.is_relative_to(root):
            return None
        inside = real.relative_to(root).parts
        if len(inside) < 2 or not is_instance_name(inside[0]):
            return None
        return ArchivedFile(str(LISTED_AS.joinpath(*inside)), real, inside[0])


def _outside() -> BadRequest:
    return BadRequest(f"Name a database inside {LISTED_AS}, as GET /archived-bots lists it.", code="outside_archive")
