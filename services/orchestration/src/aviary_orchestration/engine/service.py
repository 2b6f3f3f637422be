"""Everything that touches containers by their name."""

from collections.abc import Callable
from datetime import datetime

from aviary_common.runtime import Runtime
from aviary_orchestration.engine.containers import Containers
from aviary_orchestration.engine.engine import Engine
from aviary_orchestration.engine.logs import Logs
from aviary_orchestration.engine.pulls import Pulls
from aviary_orchestration.engine.settings import EngineSettings
from aviary_orchestration.folder import BotsFolder
from aviary_orchestration.runs.service import Runs
from aviary_orchestration.runs.states import Desired


class Docker:
    def __init__(
        self, settings: EngineSettings, folder: BotsFolder, runtime: Runtime, runs: Runs, clock: Callable[[], datetime]
    ) -> None:
        self._runs = runs
        self.engine = Engine(settings)
        self.containers = Containers(self.engine, settings, folder)
        self.logs = Logs(self.engine)
        self.pulls = Pulls(self.engine, runtime, settings, clock)

    def close(self) -> None:
        self.logs.close()
        self.engine.close()

    async def start(self, name: str, *, foreign: bool = False) -> None:
        """Of a bot that should run from now on, if it is a bot's."""
        await self.containers.ours_named(name, foreign=foreign)
        await self._runs.wish(name, Desired.RUNNING)
        await self.containers.start(name)

    async def stop(self, name: str, *, foreign: bool = False) -> None:
        """Of a bot that should not run from now on, if it is a bot's."""
        await self.containers.ours_named(name, foreign=foreign)
        await self._runs.wish(name, Desired.STOPPED)
        await self.containers.stop(name)
