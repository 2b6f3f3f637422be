"""What the user sees of an import."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from aviary_local.bar import LiveBar
from aviary_local.importing import Fate, Result
from aviary_local.importing_source import Found

_STYLES = {Fate.IMPORTED: "green", Fate.WOULD_BE: "cyan", Fate.SKIPPED: "yellow", Fate.REFUSED: "bold red"}


class Bar(LiveBar):
    def __init__(self, console: Console, found: Sequence[Found]) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        super().__init__(console, *columns)
        self._task = self._progress.add_task("checking the password", total=len(found))

    def watched(self, results: Iterable[Result]) -> Iterator[Result]:
        for result in results:
            description = f"{result.account_name}/{result.connector_name}"
            self._progress.update(self._task, advance=1, description=description)
            yield result
        self._progress.update(self._task, description="credentials")


def table(results: Iterable[Result]) -> Table:
    found = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("ACCOUNT", "CONNECTOR", "", "WHY"):
        found.add_column(column, overflow="fold")
    for result in results:
        style = _STYLES[result.fate]
        found.add_row(
            Text(result.account_name), Text(result.connector_name), Text(result.fate, style), Text(result.why)
        )
    return found
