"""How bots fare, as this replica last saw them; every replica tells the same."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from prometheus_client import Gauge

from aviary_common.figures import Reading
from aviary_orchestration.bots.hearing import Hearing
from aviary_orchestration.fleet.sight import Sight
from aviary_orchestration.runs.states import Desired, RunStatus
from aviary_orchestration.watch.compare import Kind

BOTS: Final = Gauge("aviary_bots", "Bots that are not archived, by what is known of them", ["state"])
PROBLEMS: Final = Gauge("aviary_bot_problems", "What is wrong with bots", ["kind"])
SILENT: Final = Gauge(
    "aviary_bot_silent_seconds", "Since a bot that should run was last heard, or since this replica listens", ["bot"]
)
RESTARTS: Final = Gauge("aviary_bot_restarts", "How often Docker has restarted the bot's container", ["bot"])
DOCKER_UP: Final = Gauge("aviary_docker_up", "Whether the Docker engine answers")


class BotFigures:
    def __init__(self, sight: Sight, hearing: Hearing) -> None:
        self._sight = sight
        self._hearing = hearing

    async def look(self) -> Iterable[Reading]:
        """Docker's restarts are told by the replica that watches, which has looked."""
        view = self._sight.view
        states = Counter(run.run_status for run in view.runs.values())
        kinds = Counter(known.problem.kind for each in view.problems.values() for known in each)
        return [
            Reading(DOCKER_UP, (), view.docker_problem is None),
            *(Reading(BOTS, (state.value.lower(),), states[state]) for state in RunStatus),
            *(Reading(PROBLEMS, (kind.value,), kinds[kind]) for kind in Kind),
            *(
                Reading(SILENT, (run.bot_name,), min(self._hearing.of(run.bot_name).age_s, self._hearing.listening_s))
                for run in view.runs.values()
                if run.desired is Desired.RUNNING
            ),
        ]
