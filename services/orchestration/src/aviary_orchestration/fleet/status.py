"""How bots are doing, in the reference's form."""

from typing import Any

from aviary_orchestration.bots.heard import Heard
from aviary_orchestration.fleet.sight import View
from aviary_orchestration.watch.store import Known

Json = dict[str, Any]


def status_of(bot: str, heard: Heard, view: View) -> Json:
    """``status``: running (it reports), idle (it reported, and has not been seen lately), stopped (no reports)."""
    reports = heard.reports
    seen = "running" if heard.recently_active else "idle"
    run, container = view.runs.get(bot), view.containers.get(bot)
    return {
        "status": seen if reports else "stopped",
        "performance": {name: {"status": "running", **report} for name, report in reports.items()},
        "error_logs": [line.to_json() for line in heard.errors],
        "general_logs": [line.to_json() for line in heard.lines],
        "recently_active": heard.recently_active,
        "source": "docker" if container is not None and container.is_up else "mqtt",
        "container_status": None if container is None else container.status,
        "desired": None if run is None else run.desired.value,
        "run_status": None if run is None else run.run_status.value,
        "problems": [problem_out(known) for known in view.problems.get(bot, ())],
    }


def problem_out(known: Known) -> Json:
    return {"kind": known.problem.kind.value, "detail": known.problem.detail, "since": known.since.isoformat()}
