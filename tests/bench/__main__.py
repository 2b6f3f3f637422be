"""``make bench``: a stack of its own, the figures of the README, each beside its target.

``python -m tests.bench backtest bots`` measures only what has one of the words in its description.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tests.bench.archives import STEPS as ARCHIVE_STEPS
from tests.bench.backtests import STEPS as BACKTEST_STEPS
from tests.bench.beside_backtests import STEPS as BESIDE_STEPS
from tests.bench.bots import STEPS as BOT_STEPS
from tests.bench.gateway import STEPS as GATEWAY_STEPS
from tests.bench.market_data import STEPS as MARKET_DATA_STEPS
from tests.bench.measure import Figure, Step, edge_overhead, order_latency, price_throughput, stack_memory, table_of
from tests.bench.portfolio_history import history
from tests.bench.replicas import STEPS as REPLICA_STEPS
from tests.bench.trading import STEPS as TRADING_STEPS
from tests.stack import running_stack


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
            steps: list[Step] = [
                ("orders at 20/s through the edge", lambda stack: asyncio.run(order_latency(stack))),
                ("prices through the edge", lambda stack: asyncio.run(price_throughput(stack))),
                ("what the edge adds", lambda stack: asyncio.run(edge_overhead(stack))),
                ("memory after the load", stack_memory),
                *TRADING_STEPS,
                ("100,000 portfolio snapshots", lambda stack: asyncio.run(history(stack))),
                *ARCHIVE_STEPS,
                *MARKET_DATA_STEPS,
                *BACKTEST_STEPS,
                *BESIDE_STEPS,
                *BOT_STEPS,
                *GATEWAY_STEPS,
                *REPLICA_STEPS,
            ]
            wanted = [step for step in steps if any(word in step[0] for word in sys.argv[1:] or [""])]
            for description, measure in wanted:
                progress.update(task, description=description)
                figures.extend(measure(stack))
            progress.update(task, description="done")
    console.print(table_of(figures))


if __name__ == "__main__":
    main()
