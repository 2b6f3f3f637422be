"""`aviary status`: what runs, and what it costs."""

import time
from dataclasses import asdict

from rich.table import Table
from rich.text import Text

from aviary_local.processes import Cost, measure
from aviary_local.report import ProcessReport, StackReport

_STYLES = {"ready": "green", "starting": "yellow", "waiting": "dim", "failing": "bold red", "stopping": "yellow"}


def table(report: StackReport) -> Table:
    costs = measure(_pids(report), alone=report.pid)
    found = Table(
        title=f"Aviary at {report.url}",
        title_justify="left",
        title_style="bold",
        header_style="dim",
        box=None,
        padding=(0, 1, 0, 0),
    )
    for column in ("NAME", "#", "STATE", "PID", "PORT", "UPTIME", "RESTARTS", "MEMORY", "CPU"):
        right = column in ("#", "PID", "PORT", "UPTIME", "RESTARTS", "MEMORY", "CPU")
        found.add_column(column, justify="right" if right else "left", no_wrap=True)
    for process in report.processes:
        found.add_row(*_row(process, costs.get(process.pid or 0, Cost())))
    found.add_row(
        "launcher",
        "",
        Text("ready", "green"),
        str(report.pid),
        "",
        _age(report.started_at),
        "",
        *_cells(costs[report.pid]),
    )
    total = sum(costs.values(), Cost())
    ready = len(report.processes) - len(report.unready)
    found.add_section()
    found.add_row("total", "", f"{ready}/{len(report.processes)} ready", "", "", "", "", *_cells(total), style="bold")
    return found


def as_json(report: StackReport) -> dict[str, object]:
    costs = measure(_pids(report), alone=report.pid)
    processes = [asdict(each) | asdict(costs.get(each.pid or 0, Cost())) for each in report.processes]
    launcher = {"pid": report.pid} | asdict(costs[report.pid])
    return report.to_json() | {"ready": report.ready, "processes": processes, "launcher": launcher}


def _pids(report: StackReport) -> list[int]:
    return [process.pid for process in report.processes if process.pid]


def _row(process: ProcessReport, cost: Cost) -> list[str | Text]:
    return [
        process.name,
        str(process.replica + 1),
        Text(process.state, _STYLES.get(process.state, "")),
        str(process.pid or ""),
        str(process.port),
        _age(process.started_at),
        str(process.restarts),
        *_cells(cost),
    ]


def _cells(cost: Cost) -> tuple[str, str]:
    return f"{cost.memory_bytes / 2**20:.0f} MB", f"{cost.cpu_percent:.1f} %"


def _age(started_at: float | None) -> str:
    if started_at is None:
        return ""
    seconds = int(time.time() - started_at)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
