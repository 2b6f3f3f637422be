"""Each bot as Docker and the broker show it right now."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from aviary_common.errors import AviaryError, NotFound
from aviary_common.figures import Reading
from aviary_orchestration.bots.hearing import Hearing
from aviary_orchestration.engine.containers import Container, Containers
from aviary_orchestration.fleet.figures import RESTARTS
from aviary_orchestration.fleet.sight import View
from aviary_orchestration.watch.compare import SILENT_S, Seen

YOUNG_S: Final = 2 * SILENT_S
"""What has started longer ago, and still runs, has not crashed since it was looked at."""


class Looking:
    def __init__(self, containers: Containers, hearing: Hearing) -> None:
        self._containers = containers
        self._hearing = hearing
        self._inspected: dict[str, tuple[str, Mapping[str, Any]]] = {}

    async def at(self, view: View) -> dict[str, Seen]:
        """Containers of ours, and bots that were heard lately. Only those are inspected that may have changed."""
        names = sorted({*view.containers, *view.runs})
        found = await asyncio.gather(*(self._at(name, view.containers.get(name)) for name in names))
        self._inspected = {name: each for name, each in self._inspected.items() if name in view.containers}
        return dict(zip(names, found, strict=True))

    async def readings(self) -> Iterable[Reading]:
        """Of those that were inspected when problems were last looked for."""
        return [Reading(RESTARTS, (name,), state["RestartCount"]) for name, (_, state) in self._inspected.items()]

    async def _at(self, name: str, container: Container | None) -> Seen:
        heard = self._hearing.of(name)
        silent_s = min(heard.age_s, self._hearing.listening_s)
        is_trading = bool(heard.reports)
        try:
            container = container or await self._containers.find(name)  # it may have come since all were listed
        except NotFound:
            return Seen(None, silent_s=silent_s, is_trading=is_trading)
        try:
            state = await self._inspect(container)
        except NotFound:
            return Seen(None, silent_s=silent_s, is_trading=is_trading)
        except AviaryError:
            return Seen(container, silent_s=silent_s, is_trading=is_trading)
        return Seen(
            replace(container, status=state["State"]["Status"]),  # with what else was so at that moment
            up_s=_age_s(state["State"]["StartedAt"]),
            restarts=state["RestartCount"],
            exit_code=state["State"]["ExitCode"],
            silent_s=silent_s,
            is_trading=is_trading,
        )

    async def _inspect(self, container: Container) -> Mapping[str, Any]:
        known = self._inspected.get(container.name)
        if known is not None and known[0] == container.status and _age_s(known[1]["State"]["StartedAt"]) > YOUNG_S:
            return known[1]
        state = await self._containers.inspect(container.name)
        self._inspected[container.name] = (state["State"]["Status"], state)
        return state


def _age_s(started_at: str) -> float:
    """Docker writes nanoseconds, and the year 1 for what has never started."""
    started = datetime.fromisoformat(started_at[:19]).replace(tzinfo=UTC)
    return (datetime.now(UTC) - started).total_seconds()
