"""``make bench``: a stack of its own, the figures of the README, each beside its target."""

import asyncio
import os
import platform
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests.bench.measure import Figure, order_latency, own_requests, price_throughput, stack_memory
from tests.stack import Stack, running_stack


def main() -> None:
    console = Console()
    figures: list[Figure] = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with tempfile.TemporaryDirectory(prefix="aviary-bench-") as folder, Progress(*columns, console=console) as progress:
        task = progress.add_task("starting a stack for the first time", total=None)
        with running_stack(Path(folder)) as stack:
            progress.update(task, description="starting it again")
            stack.run("down")
            started = time.perf_counter()
            stack.run("up", "--detach")
            figures.append(Figure("ready after make start", time.perf_counter() - started, "s", "< 20"))
            steps: list[tuple[str, Callable[[Stack], list[Figure]]]] = [
                ("orders at 20/s through the edge", lambda stack: asyncio.run(order_latency(stack))),
                ("prices through the edge", lambda stack: asyncio.run(price_throughput(stack))),
                ("prices at the service, for CPU a request", lambda stack: asyncio.run(own_requests(stack))),
                ("memory after the load", stack_memory),
            ]
            for description, measure in steps:
                progress.update(task, description=description)
                figures.extend(measure(stack))
            progress.update(task, description="done")
    console.print(_table(figures))


def _table(figures: list[Figure]) -> Table:
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    table = Table("figure", "measured", "target", title=f"Aviary on {machine}")
    for figure in figures:
        table.add_row(figure.name, f"{figure.value:,.1f} {figure.unit}", figure.target)
    return table


if __name__ == "__main__":
    main()
