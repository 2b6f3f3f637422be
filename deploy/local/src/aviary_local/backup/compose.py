"""An installation that Docker Compose runs, from a container of its own: `deploy/docker/backup` and `restore`.

The container is in the installation's network, and has its .env and its folder under the name that the host has for it.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from aviary_local import secrets
from aviary_local.backup.database import Database
from aviary_local.backup.errors import NotFitting
from aviary_local.backup.making import Watcher
from aviary_local.backup.manifest import Manifest
from aviary_local.backup.reading import DUMP_NAME
from aviary_local.backup.restoring import load, read
from aviary_local.backup.writing import SECRETS_NAME
from aviary_local.compose.places import POSTGRES_PORT, SERVICES_USER
from aviary_local.topology import FOLDERS, POSTGRES

ENV: Final = Path("/run/env")
SERVER: Final = Database(POSTGRES_PORT, "", POSTGRES.name)


@dataclass(frozen=True)
class ComposeInstallation:
    """``data`` is AVIARY_DATA. The database's address is for tests to change."""

    data: Path
    env: Path = ENV
    server: Database = SERVER

    @property
    def secrets(self) -> bytes:
        """Without the settings that stand beside them in .env and tell of this machine."""
        return secrets.lines(self._secrets()).encode()

    @property
    def folders(self) -> Mapping[str, Path]:
        return {name: self.data / name for name in FOLDERS if (self.data / name).is_dir()}

    @contextmanager
    def database(self) -> Iterator[Database]:
        yield replace(self.server, password=secrets.accepted(self._secrets()).postgres_password)

    def _secrets(self) -> dict[str, str]:
        return secrets.only_secrets(secrets.parse(self.env.read_text()))


def unpack(file: Path, passphrase: str, data: Path, watcher: Watcher) -> Manifest:
    """All of it into the new installation's folder. There, files belong to the services' user, whoever had them."""
    about, _ = read(file, passphrase, data, watcher)
    for name in about.folders:
        for path in (data / name).rglob("*"):
            os.chown(path, SERVICES_USER, SERVICES_USER)
    return about


def environment(data: Path, present: str) -> str:
    """The new .env: settings as they are, secrets as they were. ``present`` is the .env of this machine."""
    stored = data / SECRETS_NAME
    found = secrets.parse(present)
    kept = secrets.only_secrets(secrets.parse(stored.read_text()) if stored.exists() else found)
    if secrets.CONFIG_PASSWORD not in kept:
        raise NotFitting("The backup was made without secrets: put the .env of its time here first.")
    settings = {name: value for name, value in found.items() if name not in secrets.only_secrets(found)}
    return secrets.lines({**settings, **kept})


def load_database(data: Path, database: Database, watcher: Watcher) -> None:
    """And what only served to restore is gone."""
    load(data / DUMP_NAME, database, watcher)
    (data / SECRETS_NAME).unlink(missing_ok=True)
