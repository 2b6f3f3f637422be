"""What orchestration, which holds the Docker socket, does for us."""

from typing import Final

from aviary_common.bus import Bus
from aviary_messages.questions import (
    CheckGateway,
    GatewayContainer,
    LookAtGateway,
    ReadGatewayLogs,
    RestartGateway,
    RunGateway,
    StopGateway,
)

LOOK_S: Final = 15.0
CHECK_S: Final = 30.0
END_S: Final = 60.0
"""A container has time to end by itself."""
RUN_S: Final = 120.0
"""The one before it is stopped and removed first."""


class Orchestration:
    """Each raises what orchestration answers with: ``Unavailable`` when Docker, or orchestration, is away."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def look(self) -> GatewayContainer | None:
        return (await self._bus.ask(LookAtGateway(), deadline_s=LOOK_S)).container

    async def check(self, wanted: RunGateway) -> GatewayContainer | None:
        """What is there; raises what ``run`` would for the same image and mode."""
        question = CheckGateway(image=wanted.image, dev_mode=wanted.dev_mode)
        return (await self._bus.ask(question, deadline_s=CHECK_S)).container

    async def run(self, wanted: RunGateway) -> GatewayContainer:
        return await self._bus.ask(wanted, deadline_s=RUN_S)

    async def stop(self) -> GatewayContainer:
        return await self._bus.ask(StopGateway(), deadline_s=END_S)

    async def restart(self) -> GatewayContainer:
        return await self._bus.ask(RestartGateway(), deadline_s=END_S)

    async def logs(self, tail: int) -> str:
        return (await self._bus.ask(ReadGatewayLogs(tail=tail), deadline_s=LOOK_S)).text
