"""Where the Gateway is that orchestration runs."""

import time
from collections.abc import Callable
from typing import Final

from aviary_gateway_proxy.lifecycle.certificates import Certificates
from aviary_gateway_proxy.lifecycle.orchestration import Orchestration
from aviary_gateway_proxy.upstream.address import Address, Door
from aviary_gateway_proxy.upstream.errors import not_started

FRESH_S: Final = 5.0


class ContainerFinder:
    """A ``Finder``. An answer is good for some seconds; that there is none is asked anew each time."""

    def __init__(
        self, orchestration: Orchestration, certificates: Certificates, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._orchestration = orchestration
        self._certificates = certificates
        self._clock = clock
        self._known: tuple[Address, float] | None = None

    async def find(self) -> Address:
        if self._known is None or self._clock() - self._known[1] > FRESH_S:
            self._known = (await self._look(), self._clock())
        return self._known[0]

    def forget(self) -> None:
        self._known = None

    async def _look(self) -> Address:
        container = await self._orchestration.look()
        if container is None or not container.is_running:
            self.forget()
            raise not_started()
        door = None
        if not container.dev_mode:
            door = Door(self._certificates.client, self._certificates.own_passphrase)
        return Address(container.url, door, container.started_at)
