"""What the user sees of stored candles and downloads."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from aviary_local.bar import LiveBar
from aviary_local.candles_api import Entry, Gap, Job

SHOWN_GAPS = 5
_COLUMNS = ("CONNECTOR", "PAIR", "INTERVAL", "FROM", "TO", "RANGES", "CANDLES", "SIZE", "GAPS")
_NUMBERS = frozenset({"RANGES", "CANDLES", "SIZE", "GAPS"})


class Rate(ProgressColumn):
    """Candles per second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "-", "dim")


class Bar(LiveBar):
    def __init__(self, console: Console, job: Job) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
        super().__init__(console, *columns, speed_estimate_period=60)
        self._task = self._progress.add_task(job.name, total=job.total, completed=job.done)
        self._job = job

    def followed(self, states: Iterable[Job]) -> Job:
        """The job as it was at the end."""
        for job in states:
            self._job = job
            waiting = f" [yellow]({escape(job.error)})[/]" if job.error and not job.has_ended else ""
            self._progress.update(self._task, completed=job.done, description=job.name + waiting)
        return self._job


def last_word(job: Job) -> Text:
    words = Text()
    if job.state == "done":
        words.append(f"{job.total:,} candles of {job.name} are stored.", "green")
    else:
        words.append(f"Download {job.id} {job.state} after {job.done:,} of {job.total:,} candles", "red")
        words.append(f": {job.error}" if job.error else ".")
    for line in gap_lines(job.gaps):
        words.append("\n").append(line)
    return words


def left_alone(job: Job, *, cancelled: bool) -> str:
    if cancelled:
        return f"Download {job.id} is cancelled; what it has fetched stays."
    return f"Download {job.id} goes on without you; run the same command to follow it again."


def gap_lines(gaps: Sequence[Gap]) -> Iterator[str]:
    for gap in gaps[:SHOWN_GAPS]:
        yield f"No candles from {_short(gap.start)} to {_short(gap.end)}: {gap.reason}."
    if len(gaps) > SHOWN_GAPS:
        yield f"... and {len(gaps) - SHOWN_GAPS} more gaps."


def table(entries: Iterable[Entry]) -> Table:
    found = Table(box=None, header_style="dim", pad_edge=False)
    for column in _COLUMNS:
        found.add_column(column, justify="right" if column in _NUMBERS else "left", overflow="fold")
    for entry in entries:
        found.add_row(
            entry.connector_name,
            entry.trading_pair,
            entry.interval,
            _short(entry.start),
            _short(entry.end),
            f"{entry.ranges:,}",
            f"{entry.rows:,}",
            f"{entry.bytes / 1e6:,.1f} MB",
            f"{entry.gaps:,}",
        )
    return found


def _short(moment: str) -> str:
    return moment[:16].replace("T", " ")
