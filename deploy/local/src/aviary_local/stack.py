"""The stack as parts: which processes there are, in which order, made from the topology, the ports and the secrets."""

import importlib.util
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from aviary_local import environment
from aviary_local.command import Command
from aviary_local.environment import TRACES, World
from aviary_local.errors import LaunchError
from aviary_local.files import make_private_directory
from aviary_local.home import Home
from aviary_local.nats import Nats
from aviary_local.part import Part, replica_name
from aviary_local.ports import Ports
from aviary_local.postgres import Postgres
from aviary_local.probes import http_ok
from aviary_local.secrets import Secrets
from aviary_local.topology import (
    BACKTESTING_WORKER,
    MARKET_DATA,
    NATS,
    POSTGRES,
    SANDBOX,
    SERVICES,
    TRAEFIK,
    VALKEY,
    Service,
)
from aviary_local.traefik import Traefik
from aviary_local.valkey import Valkey


class Stack:
    """`replicas` is how many of each service should run; services whose package has no app yet are left out."""

    def __init__(
        self, home: Home, ports: Ports, secrets: Secrets, outside: Mapping[str, str], replicas: Mapping[str, int]
    ) -> None:
        self.ports = ports
        self.secrets = secrets
        self.services = self.present()
        self.replicas = {service.name: replicas.get(service.name, 1) for service in self.services}
        self.postgres = Postgres(home.folder("postgres"), ports.of("postgres"), secrets)
        self.valkey = Valkey(home.folder("valkey"), ports.of("valkey"), secrets)
        self.nats = Nats(
            home.folder("nats"), ports.of("nats"), ports.of("nats monitor"), ports.of("nats mqtt"), secrets
        )
        self.traefik = Traefik(home.folder("traefik"), ports.edge, ports.of("traefik admin"), outside.get(TRACES))
        self._home = home
        world = World(ports, secrets, self.postgres, self.valkey, self.nats, home, outside)
        self._worlds = {service.name: world for service in self.services}
        self.unrouted: set[tuple[str, int]] = set()

    def present(self) -> tuple[Service, ...]:
        return tuple(service for service in SERVICES if is_written(service))

    def parts(self) -> list[Part]:
        return [*self._components(), *self._all_services(), self._edge()]

    def service_part(self, service: Service, replica: int) -> Part:
        port = self.ports.of_service(service, replica)
        needs = [POSTGRES.name] if service.schema else []
        needs += [VALKEY.name] if service.cache else []
        needs += [NATS.name] if service.nats else []
        return Part(
            replica_name(service.name, replica),
            service.name,
            port,
            partial(self.service_command, service, replica),
            partial(http_ok, port, "/readyz"),
            needs=tuple(needs),
            prepare=partial(self._prepare_service, service),
            replica=replica,
        )

    def service_command(self, service: Service, replica: int) -> Command:
        return Command(
            (sys.executable, "-m", "aviary_common.serve", service.package),
            env=environment.of(service, replica, self._worlds[service.name]),
            cwd=Path("/"),
        )

    def tell(self, service: Service, secrets: Secrets) -> None:
        """Processes of the service that are started from now on know these secrets."""
        self._worlds[service.name] = replace(self._worlds[service.name], secrets=secrets)

    def write_routes(self) -> None:
        self.traefik.write_routes(
            {
                service: [
                    self.ports.url(service, replica)
                    for replica in range(self.replicas[service.name])
                    if (service.name, replica) not in self.unrouted
                ]
                for service in self.services
            }
        )

    def _components(self) -> Iterator[Part]:
        yield Part(
            POSTGRES.name,
            POSTGRES.name,
            self.postgres.port,
            self.postgres.command,
            self.postgres.is_ready,
            prepare=self.postgres.prepare,
            after_ready=self.postgres.provision,
            essential=True,
        )
        for component, server in ((VALKEY, self.valkey), (NATS, self.nats)):
            yield Part(
                component.name,
                component.name,
                server.port,
                server.command,
                server.is_ready,
                prepare=server.prepare,
                essential=True,
            )

    def _all_services(self) -> Iterator[Part]:
        for service in self.services:
            for replica in range(self.replicas[service.name]):
                yield self.service_part(service, replica)

    def _edge(self) -> Part:
        return Part(
            TRAEFIK.name,
            TRAEFIK.name,
            self.traefik.port,
            self.traefik.command,
            self.traefik.is_ready,
            follows=(POSTGRES.name, VALKEY.name, NATS.name, *(service.name for service in self.services)),
            prepare=self._prepare_edge,
            essential=True,
        )

    def _prepare_edge(self) -> None:
        self.traefik.prepare()
        self.write_routes()

    def _prepare_service(self, service: Service) -> None:
        if service is SANDBOX:
            make_private_directory(self._home.folder(SANDBOX.name))
        if service is MARKET_DATA:
            make_private_directory(self._home.folder("candles"))
        if service is BACKTESTING_WORKER:
            make_private_directory(self._home.folder("backtest-cache"))
        if service.bots:
            make_private_directory(self._home.folder("bots"))


def is_written(service: Service) -> bool:
    return bool(importlib.util.find_spec(service.package) and importlib.util.find_spec(f"{service.package}.app"))


def parse_scale(wishes: list[str]) -> dict[str, int]:
    """["market-data=2"] as {"market-data": 2}; LaunchError that names what is possible."""
    known = {service.name: service for service in SERVICES}
    scale: dict[str, int] = {}
    for wish in wishes:
        name, _, number = wish.partition("=")
        if name not in known:
            raise LaunchError(f"There is no service {name!r}; there are {', '.join(known)}.")
        most = known[name].replicas_max
        if not number.isdigit() or not 1 <= int(number) <= most:
            raise LaunchError(f"{name} can run with 1 to {most} replicas, not {number or 'nothing'}.")
        scale[name] = int(number)
    return scale
