"""Which port each part listens on, and a clear word when somebody else already does."""

import random
import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from aviary_local.errors import LaunchError, PortTaken
from aviary_local.topology import COMPONENTS, SERVICES, Service

LOOPBACK = "127.0.0.1"
# Below the ports of whole stacks, so that one which starts meanwhile takes none of ours, and below the ephemeral range.
_TEST_RANGE = (10_000, 18_000)


@dataclass(frozen=True)
class Ports:
    """`edge` is what users see (AVIARY_PORT); the rest counts up from `base` (AVIARY_PORT_BASE)."""

    edge: int = 8000
    base: int = 18000

    def of(self, listener: str) -> int:
        """The port of a listener of a component or a service, such as "nats monitor"."""
        offsets = {name: offset for component in COMPONENTS for name, offset in component.ports.items()}
        offsets |= {name: offset for service in SERVICES for name, offset in service.listeners}
        return self.base + offsets[listener]

    def of_service(self, service: Service, replica: int = 0) -> int:
        return self.base + service.port + replica

    def at(self, listener: str) -> str:
        """Where the others reach it."""
        return f"{LOOPBACK}:{self.of(listener)}"

    def listen(self, service: Service, replica: int = 0) -> str:
        return f"{LOOPBACK}:{self.of_service(service, replica)}"

    def url(self, service: Service, replica: int = 0) -> str:
        return f"http://{self.listen(service, replica)}"


@dataclass(frozen=True)
class Wanted:
    port: int
    by: str
    setting: str


def wanted(ports: Ports, replicas: Mapping[str, int]) -> Iterator[Wanted]:
    """Every port this stack will listen on."""
    yield Wanted(ports.edge, "the edge (Traefik)", "AVIARY_PORT")
    for component in COMPONENTS:
        for listener in component.ports:
            yield Wanted(ports.of(listener), listener, "AVIARY_PORT_BASE")
    for service in SERVICES:
        for replica in range(replicas.get(service.name, 1)):
            yield Wanted(ports.of_service(service, replica), service.name, "AVIARY_PORT_BASE")
        for listener, _ in service.listeners:
            yield Wanted(ports.of(listener), listener, "AVIARY_PORT_BASE")


def refuse_taken(needs: Iterable[Wanted]) -> None:
    """PortTaken naming every port that is not free, before anything has been started."""
    taken = [need for need in needs if not is_free(need.port)]
    if not taken:
        return
    lines = [f"Port {need.port}, wanted by {need.by}, is taken{_by_whom(need.port)}." for need in taken]
    settings = sorted({need.setting for need in taken})
    lines.append(f"Stop what holds it, or choose another port with {' and '.join(settings)}.")
    raise PortTaken("\n".join(lines))


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _by_whom(port: int) -> str:
    from aviary_local.processes import holder

    found = holder(port)
    return f" by {found.name} (process {found.pid})" if found else ""


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now; for tests."""
    candidates = random.SystemRandom().sample(range(*_TEST_RANGE), 50 + 10 * count)
    found = [port for port in candidates if is_free(port)][:count]
    if len(found) < count:
        raise LaunchError(f"No {count} free ports between {_TEST_RANGE[0]} and {_TEST_RANGE[1]}.")
    return found
