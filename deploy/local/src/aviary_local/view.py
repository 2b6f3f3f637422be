"""What the user sees while the stack starts and runs. On a terminal it lives; in a pipe it is plain lines."""

from datetime import datetime
from zlib import crc32

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.panel import Panel
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from aviary_local.home import Home
from aviary_local.logs import log_file, tail
from aviary_local.report import ProcessReport, StackReport
from aviary_local.secrets import Secrets

_COLOURS = (
    "cyan",
    "magenta",
    "green",
    "yellow",
    "blue",
    "bright_cyan",
    "bright_magenta",
    "bright_green",
    "bright_blue",
)
_NAME_WIDTH = 16
_CULPRIT_LINES = 15


class StartView:
    """Feed it reports with `show`; it tells every readiness once."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._told: set[str] = set()
        self._spinner = Spinner("dots")
        self._live = Live(console=console, transient=True, refresh_per_second=12) if console.is_terminal else None

    def __enter__(self) -> "StartView":
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def show(self, report: StackReport) -> None:
        for process in report.processes:
            if process.state == "ready" and process.name not in self._told:
                self._told.add(process.name)
                took = f"{process.ready_in_s or 0:.1f} s"
                self._console.print(f"  [green]✓[/] {process.name:<{_NAME_WIDTH}} [dim]{took:>7}[/]", highlight=False)
        if self._live:
            self._live.update(self._pending(report))

    def _pending(self, report: StackReport) -> Table:
        table = Table.grid(padding=(0, 1))
        for process in report.unready:
            mark = Text("✗", style="red") if process.state == "failing" else self._spinner
            table.add_row(" ", mark, Text(process.name), Text(process.state, style="dim"))
        return table


def print_login(console: Console, secrets: Secrets, home: Home, url: str) -> None:
    """Once, at the first start."""
    grid = Table.grid(padding=(0, 2))
    for name, value in (("URL", url), ("Username", secrets.username), ("Password", secrets.password)):
        grid.add_row(Text(name, style="dim"), Text(value, style="bold"))
    grid.add_row(Text("Kept in", style="dim"), Text(str(home.secrets), overflow="fold"))
    console.print(Panel(grid, title="Your login, shown this once", border_style="green", expand=False))


def print_ready(console: Console, report: StackReport, seconds: float, home: Home, next_command: str) -> None:
    console.print(f"[bold green]Aviary is ready[/] in {seconds:.1f} s at [bold]{report.url}[/]", highlight=False)
    console.print(f"  API docs  {report.url}/docs", highlight=False)
    console.print(f"  Login     {home.secrets.relative_to(home.root)}", highlight=False)
    console.print(f"  Next      {next_command}", highlight=False)


def print_not_ready(console: Console, report: StackReport, home: Home) -> None:
    """Who is not ready, and the last words of each."""
    for process in report.unready:
        console.print(f"[red]✗ {process.name}[/] is {process.state}; the last lines of its log:", highlight=False)
        print_tail(console, home, process)


def print_tail(console: Console, home: Home, process: ProcessReport) -> None:
    for line in tail(log_file(home.logs, process.name), _CULPRIT_LINES):
        console.print(f"    {line}", markup=False, highlight=False, soft_wrap=True)


def log_line(name: str, line: str, at: datetime | None = None) -> str:
    """One line of one process as rich markup: time (when known), a name in its own colour, the text."""
    colour = _COLOURS[crc32(name.encode()) % len(_COLOURS)]
    clock = f"[dim]{at:%H:%M:%S}[/] " if at else ""
    return f"{clock}[{colour}]{name:<{_NAME_WIDTH}}[/] [dim]│[/] {escape(line)}"
