"""The life of a Gateway of our own. It has started when it answers, whatever its container says."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, TypeVar

from aviary_common.errors import AviaryError, BadRequest, Conflict, NotFound, Unavailable
from aviary_common.leases import Lease, LeaseLost, Leases
from aviary_gateway_proxy.lifecycle.certificates import Certificates
from aviary_gateway_proxy.lifecycle.deaths import LAST_LINES, died, late, wrong_passphrase
from aviary_gateway_proxy.lifecycle.keystores import opens_wallets
from aviary_gateway_proxy.lifecycle.orchestration import Orchestration
from aviary_gateway_proxy.lifecycle.schemas import GatewayConfig, GatewayDone, GatewayStarted, GatewayStatus
from aviary_gateway_proxy.lifecycle.settings import LifecycleSettings
from aviary_gateway_proxy.lifecycle.version import Version
from aviary_gateway_proxy.upstream.client import Gateway
from aviary_gateway_proxy.upstream.errors import redacted
from aviary_messages.questions import GatewayContainer, RunGateway

T = TypeVar("T")

LEASE: Final = "gateway:life"
LOOK_EVERY_S: Final = 0.5


class OwnGateway:
    """A ``Life``. One replica at a time changes it, and the connections that we hold are closed before."""

    def __init__(
        self,
        orchestration: Orchestration,
        gateway: Gateway,
        certificates: Certificates,
        leases: Leases,
        settings: LifecycleSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._orchestration = orchestration
        self._gateway = gateway
        self._certificates = certificates
        self._leases = leases
        self._settings = settings
        self._clock = clock
        self._version = Version(gateway)

    async def status(self) -> GatewayStatus:
        container = await self._orchestration.look()
        reachable = container is not None and container.is_running and await self._answers()
        version = await self._version.of((container.id, container.started_at)) if container and reachable else None
        return GatewayStatus.of(container, reachable=reachable, version=version)

    async def start(self, config: GatewayConfig) -> GatewayStarted:
        """400 ``gateway_running``. Raises what ``_wait`` does."""
        question = config.question(self._settings.gateway_passphrase, recreate=False)
        return await self._wait(await self._alone(lambda: self._run(question)))

    async def stop(self) -> GatewayDone:
        await self._alone(self._stop)
        return GatewayDone(message="Gateway has ended; its container is kept.")

    async def restart(self, config: GatewayConfig | None) -> GatewayStarted:
        """404 ``no_gateway`` without a config and a container. Raises what ``_wait`` does."""
        if config is None:
            return await self._wait(await self._alone(self._restart))
        question = config.question(self._settings.gateway_passphrase, recreate=True)
        return await self._wait(await self._alone(lambda: self._run(question)))

    async def logs(self, tail: int) -> str:
        return redacted(await self._orchestration.logs(tail))

    async def _run(self, question: RunGateway) -> GatewayContainer:
        """What can be refused is refused before the certificates of one that runs are touched."""
        container = await self._orchestration.check(question)
        if container is not None and container.is_up and not question.recreate:
            raise BadRequest("Gateway runs already; POST /gateway/restart starts it anew.", code="gateway_running")
        passphrase = question.passphrase.get_secret_value()
        await self._refuse_wrong(passphrase)
        await self._gateway.hang_up()
        if not question.dev_mode:
            await asyncio.to_thread(self._certificates.ensure, passphrase, self._clock())
        return await self._orchestration.run(question)

    async def _refuse_wrong(self, passphrase: str) -> None:
        """409 ``wrong_passphrase``: Gateway itself would only say so at the first use of a wallet."""
        conf = self._settings.gateway_dir / "conf"
        if not await asyncio.to_thread(opens_wallets, conf, passphrase):
            raise wrong_passphrase(f"The passphrase does not open the wallets in {conf / 'wallets'}")

    async def _stop(self) -> GatewayContainer:
        await self._gateway.hang_up()
        return await self._orchestration.stop()

    async def _restart(self) -> GatewayContainer:
        await self._gateway.hang_up()
        await asyncio.to_thread(self._certificates.renew, self._clock())
        return await self._orchestration.restart()

    async def _wait(self, container: GatewayContainer) -> GatewayStarted:
        """409 ``wrong_passphrase``, 503 ``gateway_died``, 503 ``gateway_late``, the last two with its last lines."""
        await self._gateway.hang_up()
        within_s = self._settings.gateway_start_deadline_s
        try:
            async with asyncio.timeout(within_s):
                while not await self._answers():
                    await self._refuse_dead(container)
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            raise late(within_s, await self._last_lines()) from None
        return GatewayStarted.of(container)

    async def _refuse_dead(self, begun: GatewayContainer) -> None:
        """Docker would start it again and again; it is stopped, and kept for who wants to read its logs."""
        container = await self._orchestration.look()
        if container is None or container.id != begun.id:
            raise Conflict("Gateway was stopped or started anew meanwhile.", code="gateway_changed")
        if container.has_died:
            printed = await self._last_lines()
            await self._orchestration.stop()
            raise died(printed)

    async def _answers(self) -> bool:
        try:
            return await self._gateway.is_ready()
        except Unavailable:
            return False

    async def _last_lines(self) -> str:
        try:
            return await self._orchestration.logs(LAST_LINES)
        except (NotFound, Unavailable):
            return ""

    async def _alone(self, change: Callable[[], Awaitable[T]]) -> T:
        changed: list[T] = []

        async def work(_: Lease) -> None:
            changed.append(await change())

        try:
            await self._leases.hold_if_free(LEASE, work)
        except LeaseLost:
            raise _at_once() from None
        if not changed:
            raise _at_once()
        return changed[0]


def _at_once() -> AviaryError:
    return Conflict("Somebody else starts or stops Gateway right now.", code="gateway_changing")
