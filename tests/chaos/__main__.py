"""``make chaos N=10000``: many schedules in several worlds at once. ``make chaos SEED=1234``: one again."""

import argparse
import asyncio
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tests.chaos.report import show
from tests.chaos.schedule import ROUND
from tests.chaos.summary import Summary

LINE_LIMIT = 2**26


async def run(rounds: deque[int], worlds: int, console: Console) -> Summary:
    total, began = Summary(), time.monotonic()
    columns = (
        TextColumn("schedules"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.1f}/s"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("[red]{task.fields[failed]}"),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=len(rounds) * ROUND, rate=0.0, failed="")

        def count(summary: Summary) -> None:
            total.add(summary)
            failed = f"{len(total.failed_seeds)} failed" if total.failed_seeds else ""
            rate = total.schedules / (time.monotonic() - began)
            progress.update(task, completed=total.schedules, rate=rate, failed=failed)
            if not console.is_terminal:
                console.print(f"{total.schedules} schedules, {rate:.1f}/s {failed}")

        async with asyncio.TaskGroup() as running:
            for _ in range(min(worlds, len(rounds))):
                running.create_task(_drive(rounds, count))
    return total


async def _drive(rounds: deque[int], count: Callable[[Summary], None]) -> None:
    async with _worker() as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        while rounds:
            number = rounds.popleft()
            worker.stdin.write(f"{number}\n".encode())
            told = await worker.stdout.readline()
            if not told:
                raise RuntimeError(f"the world of round {number} ended; its words are above")
            count(Summary.from_json(told))


@asynccontextmanager
async def _worker() -> AsyncIterator[asyncio.subprocess.Process]:
    """It ends by itself when its input does, also when this process is killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.chaos.worker",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
        limit=LINE_LIMIT,
    )
    assert process.stdin is not None
    try:
        yield process
    finally:
        process.stdin.close()
        await process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--number", type=int, default=500, help="how many schedules, in whole rounds")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="replay the round of this seed")
    parser.add_argument("--worlds", type=int, default=3, help="how many worlds run at once")
    asked = parser.parse_args()
    first, number = (asked.seed, 1) if asked.seed is not None else (asked.first, asked.number)
    rounds = deque(range(first // ROUND, -(-(first + number) // ROUND)))
    console = Console()
    began = time.monotonic()
    try:
        summary = asyncio.run(run(rounds, asked.worlds, console))
    except KeyboardInterrupt:
        return 130
    show(console, summary, time.monotonic() - began)
    return 1 if summary.failed_seeds else 0


if __name__ == "__main__":
    sys.exit(main())
