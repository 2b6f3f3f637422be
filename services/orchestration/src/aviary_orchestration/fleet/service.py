"""All bots, and one."""

from typing import Any

from aviary_common.bus import Bus
from aviary_common.errors import NotFound
from aviary_orchestration.bots.hearing import Hearing
from aviary_orchestration.fleet.sight import Sight
from aviary_orchestration.fleet.status import status_of
from aviary_orchestration.runs.states import Desired

Json = dict[str, Any]

DISCOVERED_S = 300.0


class Fleet:
    def __init__(self, bus: Bus, hearing: Hearing, sight: Sight, broker_address: str) -> None:
        self._bus = bus
        self._hearing = hearing
        self._sight = sight
        self._broker_address = broker_address

    def active(self) -> list[str]:
        """Deployed, running or heard lately; without those that are being archived."""
        view = self._sight.view
        heard = {name for name, each in self._hearing.bots.items() if each.recently_active}
        up = {name for name, each in view.containers.items() if each.is_up}
        leaving = {name for name, run in view.runs.items() if run.desired is Desired.ARCHIVED}
        return sorted((heard | up | view.runs.keys()) - leaving)

    def all(self) -> dict[str, Json]:
        view = self._sight.view
        return {bot: status_of(bot, self._hearing.of(bot), view) for bot in self.active()}

    async def one(self, bot: str) -> Json:
        """404 for a bot that is neither deployed nor heard."""
        view = self._sight.view
        if not self._knows(bot):
            view = await self._sight.look()
            if not self._knows(bot):
                raise NotFound(f"There is no bot {bot}.", code="unknown_bot")
        status = status_of(bot, self._hearing.of(bot), view)
        run = view.runs.get(bot)
        if run is not None and run.desired is Desired.ARCHIVED:
            return {**status, "status": "stopping", "message": f"{bot} is being stopped and archived."}
        return status

    def broker(self) -> Json:
        host, _, port = self._broker_address.rpartition(":")
        connected = self._bus.is_connected
        discovered = [name for name, each in self._hearing.bots.items() if each.age_s < DISCOVERED_S]
        return {
            "mqtt_connected": connected,
            "discovered_bots": sorted(discovered),
            "active_bots": self.active(),
            "broker_host": host,
            "broker_port": int(port),
            "broker_username": "a login of its own for each bot",
            "client_state": "connected" if connected else "disconnected",
        }

    def _knows(self, bot: str) -> bool:
        view = self._sight.view
        return bot in view.runs or bot in view.containers or self._hearing.of(bot).recently_active
