"""What gateway-proxy may ask of Docker: one container, made, looked at, stopped, restarted and read."""

import asyncio
from collections.abc import Mapping
from typing import Any

from aviary_common import logs
from aviary_common.bus import Bus
from aviary_common.errors import BadRequest, Conflict, NotFound
from aviary_messages.questions import (
    CheckGateway,
    GatewayContainer,
    GatewayFound,
    GatewayLogs,
    LookAtGateway,
    ReadGatewayLogs,
    RestartGateway,
    RunGateway,
    StopGateway,
)
from aviary_orchestration.engine import images
from aviary_orchestration.engine.containers import GATEWAY, INSTALLATION, RUNNING
from aviary_orchestration.engine.logs import Wanted
from aviary_orchestration.engine.service import Docker
from aviary_orchestration.gateway.container import Spec, create, passphrase_of, seen
from aviary_orchestration.gateway.folder import GatewayFolder
from aviary_orchestration.gateway.settings import GatewaySettings

log = logs.get(__name__)

Inspected = Mapping[str, Any]


class GatewayHouse:
    """One container, by one name. Whoever asks sees to it that two do not change it at once."""

    def __init__(self, docker: Docker, settings: GatewaySettings) -> None:
        self._docker = docker
        self._settings = settings
        self._name = settings.gateway_container
        self._folder = GatewayFolder(settings.gateway_dir, settings.gateway_host_dir or settings.gateway_dir)

    async def answer_on(self, bus: Bus) -> None:
        await bus.answer(LookAtGateway, self.look)
        await bus.answer(CheckGateway, self.check)
        await bus.answer(RunGateway, self.run)
        await bus.answer(StopGateway, self.stop)
        await bus.answer(RestartGateway, self.restart)
        await bus.answer(ReadGatewayLogs, self.logs)

    async def look(self, _: LookAtGateway) -> GatewayFound:
        found = await self._found()
        ours = found is not None and self._is_ours(found)
        return GatewayFound(container=seen(found, self._settings) if found and ours else None)

    async def check(self, wanted: CheckGateway) -> GatewayFound:
        await self._image(wanted)
        if (found := await self._found()) is None:
            return GatewayFound(container=None)
        self._refuse_foreign(found)
        return GatewayFound(container=seen(found, self._settings))

    async def run(self, wanted: RunGateway) -> GatewayContainer:
        """What can be refused is refused before the one that is there is removed."""
        image = await self._image(wanted)
        await self._make_room(recreate=wanted.recreate)
        await asyncio.to_thread(self._folder.prepare)
        spec = Spec(image, wanted.port, wanted.dev_mode, wanted.passphrase.get_secret_value())
        labels = self._docker.containers.labels
        await self._docker.engine.call(create(spec, self._folder, self._settings, labels))
        await self._docker.containers.start(self._name)
        log.info("gateway started", image=image, port=wanted.port, dev_mode=wanted.dev_mode)
        return await self._seen()

    async def stop(self, _: StopGateway) -> GatewayContainer:
        await self._ours()
        await self._docker.containers.stop(self._name)
        return await self._seen()

    async def restart(self, _: RestartGateway) -> GatewayContainer:
        await self._ours()
        await self._docker.containers.restart(self._name)
        return await self._seen()

    async def logs(self, wanted: ReadGatewayLogs) -> GatewayLogs:
        found = await self._ours()
        text = await self._docker.logs.printed(self._name, Wanted(wanted.tail, timestamps=True))
        passphrase = passphrase_of(found)
        return GatewayLogs(text=text.replace(passphrase, "(hidden)") if passphrase else text)

    async def _image(self, wanted: CheckGateway | RunGateway) -> str:
        if wanted.dev_mode and self._settings.gateway_network is not None:
            raise BadRequest(
                "In dev mode Gateway speaks plain HTTP, and others would hear it on the network "
                f"{self._settings.gateway_network}: leave out dev_mode, or AVIARY_GATEWAY_NETWORK.",
                code="dev_mode_exposed",
            )
        return await images.must_exist(self._docker.engine, wanted.image or self._settings.gateway_image)

    async def _make_room(self, *, recreate: bool) -> None:
        if (found := await self._found()) is None:
            return
        self._refuse_foreign(found)
        if found["State"]["Status"] in RUNNING and not recreate:
            raise BadRequest("Gateway runs already; POST /gateway/restart starts it anew.", code="gateway_running")
        await self._docker.containers.stop(self._name)
        await self._docker.containers.remove(self._name, force=True)

    async def _seen(self) -> GatewayContainer:
        return seen(await self._ours(), self._settings)

    async def _ours(self) -> Inspected:
        if (found := await self._found()) is None:
            raise NotFound("There is no container of Gateway; POST /gateway/start makes one.", code="no_gateway")
        self._refuse_foreign(found)
        return found

    async def _found(self) -> Inspected | None:
        try:
            return await self._docker.containers.inspect(self._name)
        except NotFound:
            return None

    def _refuse_foreign(self, found: Inspected) -> None:
        if not self._is_ours(found):
            raise Conflict(
                f"The container {self._name} was not started by this Aviary: remove it, or name its address in "
                "AVIARY_GATEWAY_URL.",
                code="foreign_container",
            )

    def _is_ours(self, found: Inspected) -> bool:
        labels = found["Config"].get("Labels") or {}
        return GATEWAY in labels and labels.get(INSTALLATION) == self._docker.containers.installation
