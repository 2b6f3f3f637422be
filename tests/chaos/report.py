"""Tables for people."""

from collections import defaultdict

from rich.console import Console
from rich.table import Table

from tests.chaos.schedule import AWAITS, POINTS
from tests.chaos.summary import Summary


def show(console: Console, summary: Summary, elapsed_s: float) -> None:
    for failure in summary.failures:
        console.rule(style="red")
        console.print(failure, markup=False, highlight=False, soft_wrap=True)
    console.rule()
    console.print(_faults(summary))
    console.print(_awaits(summary))
    console.print(f"{len(POINTS) - len(summary.unreached())} of {len(POINTS)} awaits were died at.", highlight=False)
    kills = ", ".join(f"{name} {count}" for name, count in sorted(summary.kills.items()))
    at_awaits = sum(summary.deaths.values())
    console.print(f"kill -9: at an await {at_awaits}, from outside: {kills}.", highlight=False)
    answers = ", ".join(f"{status}: {count}" for status, count in sorted(summary.answers.items()))
    console.print(f"The callers were answered {answers}.", highlight=False)
    console.print(
        f"{summary.schedules} schedules in {summary.rounds} rounds, {elapsed_s:.0f} s, "
        f"{summary.schedules / elapsed_s:.1f} a second, {len(summary.failed_seeds)} failed.",
        style="bold red" if summary.failed_seeds else "bold green",
    )
    for seed in summary.failed_seeds:
        console.print(f"  make chaos SEED={seed}")


def _faults(summary: Summary) -> Table:
    table = Table("fault", "schedules", title="What the schedules met")
    for kind, count in sorted(summary.faults.items()):
        table.add_row(kind, str(count))
    return table


def _awaits(summary: Summary) -> Table:
    """One line per await; where it was suspended differs from call to call (a cold pool, a new connection)."""
    table = Table("path", "await", "kills", "where", title="kill -9 by await")
    places: defaultdict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for death, count in summary.deaths.items():
        name, at_await, place = death.split(" ", 2)
        places[name, int(at_await)][place] = count
    for path, longest in AWAITS.items():
        for number in range(1, longest + 1):
            found = sorted(places[path, number].items(), key=lambda place: -place[1])
            where = ", ".join(f"{at} ({count})" if len(found) > 1 else at for at, count in found[:3])
            kills = sum(count for _, count in found)
            table.add_row(path, str(number), str(kills), where, style=None if kills else "yellow")
        table.add_section()
    return table
