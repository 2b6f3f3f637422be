"""A Gateway that somebody else runs, at the address that the settings name."""

import asyncio
from typing import Final, NoReturn
from urllib.parse import urlsplit

from aviary_common.errors import Conflict
from aviary_gateway_proxy.lifecycle.deaths import late
from aviary_gateway_proxy.lifecycle.schemas import GatewayConfig, GatewayDone, GatewayStarted, GatewayStatus
from aviary_gateway_proxy.lifecycle.version import Version
from aviary_gateway_proxy.upstream.client import Gateway

LOOK_EVERY_S: Final = 0.5
QUIET_S: Final = 5.0
"""While it starts it kills whoever is connected to its port on its machine: it is left alone for so long."""
DEADLINE_S: Final = 10.0


class ForeignGateway:
    """A ``Life``: looked at, and restarted by its own means, but never started or stopped."""

    def __init__(self, gateway: Gateway, url: str, start_deadline_s: float, *, quiet_s: float = QUIET_S) -> None:
        self._gateway = gateway
        self._url = url
        self._start_deadline_s = start_deadline_s
        self._quiet_s = quiet_s
        self._version = Version(gateway)

    async def status(self) -> GatewayStatus:
        answers = await self._gateway.is_ready()
        return GatewayStatus(
            running=answers,
            url=self._url,
            port=urlsplit(self._url).port,
            reachable=answers,
            version=await self._version.of(self._url) if answers else None,
        )

    async def start(self, _: GatewayConfig) -> GatewayStarted:
        self._refuse()

    async def stop(self) -> GatewayDone:
        self._refuse()

    async def restart(self, config: GatewayConfig | None) -> GatewayStarted:
        """Raises what ``Gateway.post`` does, and 503 ``gateway_late``."""
        if config is not None:
            self._refuse()
        await self._gateway.post("/restart", {}, deadline_s=DEADLINE_S)
        await self._gateway.hang_up()
        await asyncio.sleep(self._quiet_s)
        try:
            async with asyncio.timeout(self._start_deadline_s):
                while not await self._gateway.is_ready():
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            raise late(self._start_deadline_s, "") from None
        port = urlsplit(self._url).port
        return GatewayStarted(message=f"Gateway answers again at {self._url}.", container_id=None, port=port)

    async def logs(self, _: int) -> str:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise Conflict(
            f"The Gateway at {self._url} is looked after elsewhere; without AVIARY_GATEWAY_URL Aviary runs its own.",
            code="gateway_elsewhere",
        )
