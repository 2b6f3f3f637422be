"""The config files of one folder. Every method blocks: give it to a thread. Names may carry ``.yml``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aviary_common.errors import Conflict, NotFound, TooLarge
from aviary_orchestration.configs.content import MAX_BYTES, Content
from aviary_orchestration.configs.names import is_name, stem_of
from aviary_orchestration.configs.private_files import create_text, locked, read_text, write_text
from aviary_orchestration.configs.yaml_text import Malformed, dump, load

SUFFIX: Final = ".yml"


@dataclass(frozen=True)
class Listed:
    """One of the two is there: what the file holds, or why it cannot be read."""

    name: str
    content: Content | None
    error: str | None


class ConfigStore:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """Sorted stems; none when there is no such folder."""
        try:
            found = [path.stem for path in self._folder.iterdir() if path.suffix == SUFFIX and path.is_file()]
        except FileNotFoundError:
            return []
        return sorted(filter(is_name, found))

    def all(self) -> list[Listed]:
        """By name; a file that vanishes meanwhile is left out."""
        return [listed for name in self.names() if (listed := self._listed(name)) is not None]

    def read(self, name: str) -> Content:
        """Raises ``NotFound``, and ``Malformed`` with what is wrong with the file."""
        path = self.path(name)
        try:
            return load(read_text(path, MAX_BYTES))
        except FileNotFoundError:
            raise NotFound(f"There is no config {path.stem}.") from None
        except UnicodeDecodeError:
            raise Malformed(f"{path.name} is not text in UTF-8") from None
        except (Malformed, TooLarge) as error:
            raise Malformed(f"{path.name} {error.detail.removeprefix(path.name).strip()}") from error

    def write(self, name: str, content: Content) -> None:
        """Create or replace."""
        write_text(self.path(name), dump(content))

    def create(self, name: str, content: Content) -> None:
        """Raises ``Conflict`` when it exists; of two who create it at once one does."""
        path = self.path(name)
        try:
            create_text(path, dump(content))
        except FileExistsError:
            raise Conflict(f"The config {path.stem} exists already; PUT replaces it.", code="exists") from None

    def replace(self, name: str, content: Content) -> None:
        """Raises ``NotFound``."""
        path = self.path(name)
        with locked(self._folder):
            if not path.is_file():
                raise NotFound(f"There is no config {path.stem}.")
            write_text(path, dump(content))

    def delete(self, name: str) -> None:
        """Raises ``NotFound``."""
        path = self.path(name)
        with locked(self._folder):
            try:
                path.unlink()
            except FileNotFoundError:
                raise NotFound(f"There is no config {path.stem}.") from None

    def path(self, name: str) -> Path:
        """Where it is or would be. Raises ``BadRequest`` for what is no name."""
        return self._folder / f"{stem_of(name)}{SUFFIX}"

    def _listed(self, name: str) -> Listed | None:
        try:
            return Listed(name, self.read(name), None)
        except NotFound:
            return None
        except Malformed as error:
            return Listed(name, None, error.detail)
