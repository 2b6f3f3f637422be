"""What a Gateway of our own and one of somebody else have in common, for the routes."""

from typing import Protocol

from aviary_gateway_proxy.lifecycle.schemas import GatewayConfig, GatewayDone, GatewayStarted, GatewayStatus


class Life(Protocol):
    async def status(self) -> GatewayStatus: ...

    async def start(self, config: GatewayConfig) -> GatewayStarted:
        """Returns when it answers."""
        ...

    async def stop(self) -> GatewayDone: ...

    async def restart(self, config: GatewayConfig | None) -> GatewayStarted:
        """With a config, anew by it; without, as it was. Returns when it answers."""
        ...

    async def logs(self, tail: int, /) -> str:
        """Without what looks like a private key or a provider's address."""
        ...
