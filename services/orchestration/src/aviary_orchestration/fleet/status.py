"""How bots are doing, in the reference's form."""

from typing import Any

from aviary_orchestration.bots.heard import Heard
from aviary_orchestration.fleet.sight import View
from aviary_orchestration.watch.store import Known

Json = dict[str, Any]


def status_of(bot: str, heard: Heard, view: View) -> Json:
    """``status``: running (it reports), idle (it reported, and has not been seen lately), stopped (no reports).

    Parts of it are fragments, which only orjson can write.
    """
    seen = "running" if heard.recently_active else "idle"
    run, container = view.runs.get(bot), view.containers.get(bot)
    return {
        "status": seen if heard.reports else "stopped",
        "performance": heard.reports_json,
        "error_logs": heard.errors.json,
        "general_logs": heard.lines.json,
        "recently_active": heard.recently_active,
        "source": "docker" if container is not None and container.is_up else "mqtt",
        "container_status": None if container is None else container.status,
        "desired": None if run is None else run.desired.value,
        "run_status": None if run is None else run.run_status.value,
        "problems": [problem_out(known) for known in view.problems.get(bot, ())],
    }


def problem_out(known: Known) -> Json:
    return {"kind": known.problem.kind.value, "detail": known.problem.detail, "since": known.since.isoformat()}
