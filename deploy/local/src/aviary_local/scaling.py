"""More, fewer or new replicas of a service while the stack runs, without a request noticing."""

import asyncio
import contextlib
from collections.abc import Mapping

from aviary_local.errors import LaunchError
from aviary_local.part import replica_name
from aviary_local.ports import Wanted, refuse_taken
from aviary_local.secrets import Secrets
from aviary_local.stack import Stack
from aviary_local.supervisor import Supervisor
from aviary_local.topology import Service

_RELOAD_TIMEOUT_S = 5.0
_READY_TIMEOUT_S = 60.0


class Scaling:
    def __init__(self, stack: Stack, supervisor: Supervisor) -> None:
        self._stack = stack
        self._supervisor = supervisor
        self._one_at_a_time = asyncio.Lock()

    async def apply(self, replicas: Mapping[str, int]) -> None:
        """New replicas get requests once they are ready; old ones are stopped once they get no more."""
        async with self._one_at_a_time:
            services = {service.name: service for service in self._stack.services}
            for name, count in replicas.items():
                if name not in services:
                    raise LaunchError(f"There is no service {name!r} in this stack.")
                await self._scale(services[name], count)

    async def renew(self, service: Service, secrets: Secrets) -> None:
        """Every replica again, with these secrets, one after the other; a spare one helps out meanwhile."""
        async with self._one_at_a_time:
            present = self._stack.replicas[service.name]
            self._stack.tell(service, secrets)
            await self._scale(service, min(present + 1, service.replicas_max))
            for replica in range(present):
                await self._replace(service, replica)
            await self._scale(service, present)

    async def _replace(self, service: Service, replica: int) -> None:
        """When the new one does not become ready it stays, is kept trying, and the spare one goes on."""
        self._stack.unrouted.add((service.name, replica))
        try:
            await self._reroute()
            await self._supervisor.remove([replica_name(service.name, replica)])
            (keeper,) = self._supervisor.start([self._stack.service_part(service, replica)])
            await asyncio.wait_for(keeper.ready.wait(), _READY_TIMEOUT_S)
        except TimeoutError:
            raise LaunchError(f"{service.name} did not become ready again: aviary logs {service.name}") from None
        finally:
            self._stack.unrouted.discard((service.name, replica))
            await self._reroute()

    async def _scale(self, service: Service, count: int) -> None:
        present = self._stack.replicas[service.name]
        if count > present:
            await self._add(service, range(present, count))
        self._stack.replicas[service.name] = count
        if count != present:
            await self._reroute()
        await self._supervisor.remove(replica_name(service.name, replica) for replica in range(count, present))

    async def _add(self, service: Service, numbers: range) -> None:
        ports = (self._stack.ports.of_service(service, number) for number in numbers)
        refuse_taken(Wanted(port, service.name, "AVIARY_PORT_BASE") for port in ports)
        added = self._supervisor.start(self._stack.service_part(service, number) for number in numbers)
        try:
            await asyncio.wait_for(asyncio.gather(*(keeper.ready.wait() for keeper in added)), _READY_TIMEOUT_S)
        except TimeoutError:
            await self._supervisor.remove([keeper.part.name for keeper in added])
            raise LaunchError(f"The new {service.name} did not become ready: aviary logs {service.name}") from None

    async def _reroute(self) -> None:
        """Returns when Traefik has taken the new routes over; a Traefik that is down will read them when it starts."""
        traefik = self._stack.traefik
        await asyncio.to_thread(self._stack.write_routes)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_RELOAD_TIMEOUT_S):
                while not await asyncio.to_thread(traefik.routes_are_taken_over):
                    await asyncio.sleep(0.05)
