"""Where everything is when each part has a container of its own, and a name instead of a port."""

from collections.abc import Mapping
from pathlib import Path

from aviary_local.environment import World
from aviary_local.home import Home
from aviary_local.nats import Nats
from aviary_local.ports import Ports
from aviary_local.postgres import Postgres
from aviary_local.secrets import Secrets
from aviary_local.topology import BOTS_BROKER, MQTT_EDGE, NATS, NATS_MQTT, POSTGRES, VALKEY, Service
from aviary_local.valkey import Valkey

SERVICES_USER = 10001
"""Who they run as, and whose their folders are."""
PORT = 8000
"""Of every service, in its own container."""
ANYWHERE = "0.0.0.0"  # noqa: S104 - within networks that only Aviary's containers are in
DATA = Path("/data")
"""Where containers see their volumes."""
ON_THE_HOST = frozenset({"bots", "gateway"})
"""Folders that the bots' and Gateway's containers see too, so that they need the same name inside as on the machine."""
POSTGRES_PORT, VALKEY_PORT, NATS_PORT, NATS_MONITOR_PORT, NATS_MQTT_PORT, BROKER_PORT = (
    5432,
    6379,
    4222,
    8222,
    1884,
    1883,
)


class ContainerPorts(Ports):
    def of(self, listener: str) -> int:
        return {NATS_MQTT: NATS_MQTT_PORT, BOTS_BROKER: BROKER_PORT}[listener]

    def at(self, listener: str) -> str:
        host = {NATS_MQTT: NATS.name, BOTS_BROKER: MQTT_EDGE.name}[listener]
        return f"{host}:{self.of(listener)}"

    def listen(self, service: Service, replica: int = 0) -> str:  # noqa: ARG002
        return f"{ANYWHERE}:{PORT}"

    def url(self, service: Service, replica: int = 0) -> str:  # noqa: ARG002
        return f"http://{service.name}:{PORT}"


class ContainerHome(Home):
    """`root` is the installation's folder on the machine."""

    def folder(self, name: str) -> Path:
        return self.root / name if name in ON_THE_HOST else DATA / name


def world(secrets: Secrets, data: Path, outside: Mapping[str, str]) -> World:
    home = ContainerHome(data)
    return World(
        ContainerPorts(),
        secrets,
        Postgres(home.folder(POSTGRES.name), POSTGRES_PORT, secrets, host=POSTGRES.name),
        Valkey(home.folder(VALKEY.name), VALKEY_PORT, secrets, host=VALKEY.name, listen=ANYWHERE),
        Nats(
            home.folder(NATS.name), NATS_PORT, NATS_MONITOR_PORT, NATS_MQTT_PORT, secrets,
            host=NATS.name, listen=ANYWHERE,
        ),
        home,
        outside,
    )  # fmt: skip
