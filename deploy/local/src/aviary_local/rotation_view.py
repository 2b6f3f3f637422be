"""What the user sees of a rotation."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from aviary_local.bar import LiveBar
from aviary_local.rewrapping import Outcome


class Bars(LiveBar):
    """One bar per step."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        super().__init__(console, *columns)
        self._tasks: dict[str, TaskID] = {}

    def step(self, what: str, done: int, total: int) -> None:
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=total)
        self._progress.update(self._tasks[what], completed=done, total=total)


def table(outcome: Outcome) -> Table:
    found = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("CREDENTIALS", "", ""):
        found.add_column(column, overflow="fold")
    found.add_row("wrapped anew", str(outcome.rewrapped), "")
    found.add_row("needed nothing", str(outcome.current), "")
    for key in outcome.refused:
        place = f"{key.account_name}/{key.connector_name}"
        found.add_row("[red]refused[/]", place, "no known config password opens it: add it again, or delete it")
    return found


def last_word(outcome: Outcome) -> str:
    if not outcome.complete:
        return "[red]The old password is still in use[/]: mend what was refused, then run the command again."
    if not outcome.services:
        return "[green]Every credential has a new salt.[/]"
    return f"[green]The new config password is in force[/] in {', '.join(outcome.services)}, and in secrets.env."
