"""`python -m aviary_local.compose.prepare ENV DATA`: renders what each container is given, from .env.

Runs as root in a container that ends at once, because each file is handed to the user that reads it. ENV is the .env
file, DATA the installation's folder, mounted under the name that it has on the machine.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from aviary_local import environment
from aviary_local.compose import places
from aviary_local.compose.places import SERVICES_USER
from aviary_local.compose.routes import routes
from aviary_local.environment import World
from aviary_local.files import write_private
from aviary_local.secrets import accepted, only_secrets, parse
from aviary_local.topology import FOLDERS, POSTGRES, SERVICES

GRAFANA = "grafana"
READERS = {POSTGRES.name: 999, GRAFANA: 472}
"""The users of the official images, where they are their own."""


def main(env: Path, data: Path) -> None:
    found = parse(env.read_text())
    world = places.world(accepted(only_secrets(found)), data, found)
    given = data / "given"
    given.mkdir(mode=0o711, parents=True, exist_ok=True)
    for name, text in files(world):
        write_private(given / name, text)
        os.chown(given / name, READERS.get(name, SERVICES_USER), -1)
        version = given / f"{name}.version"
        version.write_text(f"GIVEN={hashlib.sha256(text.encode()).hexdigest()}\n")
        version.chmod(0o644)
    for name in FOLDERS:
        (data / name).mkdir(mode=0o700, exist_ok=True)
        os.chown(data / name, SERVICES_USER, SERVICES_USER)


def files(world: World) -> Iterator[tuple[str, str]]:
    """By the name of their only reader."""
    for service in SERVICES:
        told = environment.of(service, 0, world)
        yield service.name, _lines({name: value for name, value in told.items() if name.startswith("AVIARY_")})
    yield POSTGRES.name, world.secrets.postgres_password
    yield "setup", _lines(dict(world.secrets.values))
    yield "gateway", _lines({"AVIARY_USERNAME": world.secrets.username, "AVIARY_PASSWORD": world.secrets.password})
    yield GRAFANA, world.secrets.grafana_password
    yield "nats.conf", world.nats.configuration()
    yield "valkey.conf", world.valkey.configuration()
    yield "routes.yml", json.dumps(routes(), indent=1)


def _lines(values: dict[str, str]) -> str:
    """For pydantic-settings' reader of such files, which takes what is in single quotes as it is."""
    return "".join(f"{name}='{value}'\n" for name, value in values.items())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
