"""Gathers what is known of a bot from Docker, the broker, what was written down, and its configs."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aviary_common.database import Database
from aviary_common.errors import AviaryError
from aviary_orchestration.bots.hearing import Hearing
from aviary_orchestration.bots.payloads import moment
from aviary_orchestration.configs.store import ConfigStore
from aviary_orchestration.departures import store as jobs
from aviary_orchestration.departures.store import Job
from aviary_orchestration.diagnosis.findings import findings
from aviary_orchestration.diagnosis.schemas import (
    ContainerState,
    Diagnosis,
    Difference,
    ErrorLine,
    Pair,
    Refusal,
)
from aviary_orchestration.engine.logs import Wanted
from aviary_orchestration.engine.service import Docker
from aviary_orchestration.fleet.sight import Sight
from aviary_orchestration.fleet.status import problem_out
from aviary_orchestration.folder import BotsFolder
from aviary_orchestration.records import store as records
from aviary_orchestration.runs.service import Runs

LINES: Final = 50
REFUSALS: Final = ("OrderFailure", "MarketOrderFailure")
NEVER: Final = "0001-01-01"


class Diagnoses:
    def __init__(
        self, database: Database, runs: Runs, docker: Docker, hearing: Hearing, sight: Sight, folder: BotsFolder
    ) -> None:
        self._database = database
        self._runs = runs
        self._docker = docker
        self._hearing = hearing
        self._sight = sight
        self._folder = folder

    async def of(self, bot: str) -> Diagnosis:
        """404 for a bot that was never deployed. What Docker does not tell is left out."""
        run = await self._runs.named(bot)
        view, (container, lines) = await self._sight.look(), await self._container(bot)
        async with self._database.single() as connection:
            errors = (await records.recent_lines(connection, [bot], errors=True)).get(bot, [])
            refusal = await records.last_event(connection, bot, REFUSALS)
            job = await jobs.newest_of(connection, bot)
        heard = self._hearing.of(bot)
        last = errors[-1] if errors else None
        found = Diagnosis(
            bot_name=bot,
            desired=run.desired,
            run_status=run.run_status,
            deployment_status=run.deployment_status,
            error_message=run.error_message,
            findings=[],
            problems=[problem_out(known) for known in view.problems.get(bot, ())],
            container=container,
            last_heard_s_ago=round(heard.age_s, 1) if bot in self._hearing.bots and heard.age_s < 1e8 else None,
            last_lines=lines,
            last_error=last and ErrorLine(at=moment(last.at), logger_name=last.logger_name, msg=last.msg),
            last_refusal=refusal and Refusal(at=refusal.heard_at, type=refusal.type, data=refusal.data),
            config_differences=await asyncio.to_thread(self._differences, bot),
            archiving=job and _job_out(job),
        )
        found.findings = findings(found)
        return found

    async def _container(self, bot: str) -> tuple[ContainerState | None, list[str]]:
        try:
            state = await self._docker.containers.inspect(bot)
            printed = await self._docker.logs.printed(bot, Wanted(tail=LINES))
        except AviaryError:
            return None, []
        return _state(state), printed.replace("\r\n", "\n").splitlines()

    def _differences(self, bot: str) -> list[Difference]:
        own = ConfigStore(self._folder.instance(bot) / "conf" / "controllers")
        stored = {each.name: each.content for each in ConfigStore(self._folder.controller_configs).all()}
        found = (_difference(each.name, stored.get(each.name), each.content) for each in own.all())
        return [each for each in found if each is not None]


def _difference(name: str, stored: Mapping[str, Any] | None, own: Mapping[str, Any] | None) -> Difference | None:
    if stored is None or own is None:
        return None
    keys: Sequence[str] = sorted({*stored, *own} - {"id"})
    changed = {key: Pair(stored=stored.get(key), bot=own.get(key)) for key in keys if stored.get(key) != own.get(key)}
    return Difference(config=name, changed=changed) if changed else None


def _state(found: Mapping[str, Any]) -> ContainerState:
    state = found["State"]
    return ContainerState(
        status=state["Status"],
        exit_code=None if state["Running"] else state["ExitCode"],
        out_of_memory=state["OOMKilled"],
        restarts=found["RestartCount"],
        started_at=_time(state["StartedAt"]),
        finished_at=_time(state["FinishedAt"]),
        error=state["Error"] or None,
    )


def _time(text: str) -> str | None:
    return None if text.startswith(NEVER) else text


def _job_out(job: Job) -> dict[str, Any]:
    return {"state": job.state.value, "steps": job.steps, "error": job.error, "began_at": job.created_at.isoformat()}
