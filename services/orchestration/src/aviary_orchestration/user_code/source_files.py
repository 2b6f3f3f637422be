"""The source files of one folder: ``<name>.py``, or a package ``<name>/<name>.py``. Everything blocks."""

import contextlib
import secrets
import shutil
from pathlib import Path
from typing import Final

from aviary_common.errors import BadRequest, NotFound, TooLarge, Unprocessable
from aviary_orchestration.configs.names import is_name, stem_of
from aviary_orchestration.configs.private_files import read_text, write_text
from aviary_orchestration.user_code.sources import Kind, Source

MAX_BYTES: Final = 1024 * 1024
MAX_MODULES: Final = 100
SUFFIX: Final = ".py"
NOT_LISTED: Final = "examples"


class SourceFiles:
    """``kind`` is what they are called in answers, ``package`` the name that Hummingbot imports the folder under."""

    def __init__(self, folder: Path, kind: Kind, package: str) -> None:
        self._folder = folder
        self._kind = kind
        self._package = package

    def names(self) -> list[str]:
        with contextlib.suppress(FileNotFoundError):
            return sorted({name for path in self._folder.iterdir() if (name := _listed_as(path)) is not None})
        return []

    def has(self, name: str) -> bool:
        return self._found(self._stem(name)) is not None

    def read(self, name: str) -> str:
        """Raises ``NotFound``, and ``Unprocessable`` for what is no text."""
        stem = self._stem(name)
        path = self._found(stem)
        if path is None:
            raise self._missing(stem)
        try:
            return _text(path)
        except FileNotFoundError:
            raise self._missing(stem) from None

    def source(self, name: str) -> Source:
        """With the other modules of its package, if it has one."""
        stem = self._stem(name)
        content = self.read(stem)
        path = self._found(stem)
        if path is None or path.parent == self._folder:
            module = f"{self._package}.{stem}"
            return Source(self._kind, stem, module, {module: content})
        package = f"{self._package}.{stem}"
        module = f"{package}.{stem}"
        return Source(self._kind, stem, module, {**self._beside(path, package), module: content})

    def check(self, name: str, content: str) -> None:
        """What can be said before the text is looked at. Raises ``BadRequest`` and ``TooLarge``."""
        self._stem(name)
        if len(content.encode("utf-8", "surrogatepass")) > MAX_BYTES:
            raise TooLarge(f"The source is larger than {MAX_BYTES:,} bytes.")

    def write(self, name: str, content: str) -> bool:
        """Create or replace, in its package if it has one; whether it was there before."""
        stem = self._stem(name)
        found = self._found(stem)
        folder = self._folder / stem
        is_package = found is None and folder.is_dir() and not folder.is_symlink()
        write_text(found or (folder if is_package else self._folder) / f"{stem}{SUFFIX}", content)
        return found is not None

    def delete(self, name: str) -> None:
        """The file, else the whole package. Raises ``NotFound``."""
        stem = self._stem(name)
        path = self._found(stem)
        if path is None:
            raise self._missing(stem)
        with contextlib.suppress(FileNotFoundError):
            if path.parent == self._folder:
                path.unlink()
            else:
                gone = self._folder / f".{stem}.{secrets.token_hex(8)}"
                path.parent.rename(gone)
                shutil.rmtree(gone)

    def _found(self, stem: str) -> Path | None:
        folder = self._folder / stem
        candidates = [self._folder / f"{stem}{SUFFIX}"]
        if not folder.is_symlink():
            candidates.append(folder / f"{stem}{SUFFIX}")
        return next((path for path in candidates if path.is_file() and not path.is_symlink()), None)

    def _beside(self, path: Path, package: str) -> dict[str, str]:
        found: dict[str, str] = {}
        size = 0
        for each in sorted(path.parent.glob(f"*{SUFFIX}"))[:MAX_MODULES]:
            if each != path and is_name(each.stem):
                with contextlib.suppress(FileNotFoundError):
                    text = _text(each)
                    size += len(text)
                    if size > MAX_BYTES:
                        raise TooLarge(f"The package {path.parent.name} is larger than {MAX_BYTES:,} bytes.")
                    found[package if each.stem == "__init__" else f"{package}.{each.stem}"] = text
        return found

    def _stem(self, name: str) -> str:
        stem = stem_of(name, SUFFIX)
        if stem.startswith("__"):
            raise BadRequest(f"{stem!r} is a name that Python keeps for itself.", code="bad_name")
        return stem

    def _missing(self, stem: str) -> NotFound:
        return NotFound(f"There is no {self._kind} {stem}.")


def _listed_as(path: Path) -> str | None:
    name = path.stem if path.suffix == SUFFIX and path.is_file() else path.name
    is_source = (path.suffix == SUFFIX and path.is_file()) or (path / f"{path.name}{SUFFIX}").is_file()
    hidden = name == NOT_LISTED or name.startswith("__") or not is_name(name)
    return name if is_source and not hidden else None


def _text(path: Path) -> str:
    try:
        return read_text(path, MAX_BYTES)
    except UnicodeDecodeError:
        raise Unprocessable(f"{path.name} is not text in UTF-8.", code="bad_syntax") from None
