"""Where everything of one checkout lives: `<checkout>/.aviary`, for its owner only."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aviary_local.command import RunAs
from aviary_local.errors import LaunchError
from aviary_local.files import make_private_directory
from aviary_local.postgres_binaries import can_enter

_MARK = Path("deploy", "local", "pyproject.toml")


@dataclass(frozen=True)
class Home:
    root: Path
    name: str = ".aviary"

    @property
    def data(self) -> Path:
        return self.root / self.name

    @property
    def secrets(self) -> Path:
        return self.data / "secrets.env"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def state(self) -> Path:
        return self.run / "state.json"

    def folder(self, name: str) -> Path:
        return self.data / name

    def create(self, postgres_user: RunAs | None) -> None:
        """Private folders. When PostgreSQL runs as somebody else, `.aviary` may be passed (0711) but not listed, if
        that user can come so far at all; everything in it stays private."""
        make_private_directory(self.data)
        open_to_pass = postgres_user is not None and can_enter(self.root, postgres_user)
        self.data.chmod(0o711 if open_to_pass else 0o700)
        for folder in (self.logs, self.run):
            make_private_directory(folder)


def find(environment: Mapping[str, str], start: Path) -> Home:
    """AVIARY_HOME, or the checkout around `start`, or the one this package was installed from."""
    if chosen := environment.get("AVIARY_HOME"):
        return Home(Path(chosen).absolute())
    for folder in (start, *start.parents, *Path(__file__).resolve().parents):
        if (folder / _MARK).is_file():
            return Home(folder)
    raise LaunchError("No Aviary checkout here: change into it, or set AVIARY_HOME.")


def current() -> Home:
    return find(os.environ, Path.cwd())
