"""What the user sees of a backup and of its restoration."""

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeElapsedColumn, TransferSpeedColumn

from aviary_local.backup.making import Made
from aviary_local.backup.restoring import Restored
from aviary_local.bar import LiveBar


class Bars(LiveBar):
    """One bar per part."""

    def __init__(self, console: Console) -> None:
        columns = (
            TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeElapsedColumn(),
        )  # fmt: skip
        super().__init__(console, *columns)
        self._task: TaskID | None = None

    def began(self, name: str, total: int | None) -> None:
        self._complete()
        self._task = self._progress.add_task(name, total=total)

    def advanced(self, amount: int) -> None:
        if self._task is not None:
            self._progress.update(self._task, advance=amount)

    def _complete(self) -> None:
        if self._task is not None:
            done = self._progress.tasks[self._task].completed
            self._progress.update(self._task, total=done, completed=done)

    def __exit__(self, *error: object) -> None:
        if error[0] is None:
            self._complete()
        self._progress.stop()


def told(made: Made) -> str:
    files = "".join(f", {count:,} files of {name}" for name, count in made.files.items())
    return (
        f"[green]{escape(str(made.path))}[/] has everything: the database{files}; {made.size / 1e6:,.1f} MB.\n"
        "Keep its passphrase elsewhere than the file: without it, nobody opens it."
    )


def last_word(restored: Restored) -> str:
    lines = [
        f"[green]Restored[/] what was backed up at {restored.manifest.made_at} (Aviary {restored.manifest.aviary})."
    ]
    if restored.kept:
        lines.append(f"Not in the backup, and left as it was: {', '.join(restored.kept)}.")
    if restored.aside is not None:
        lines.append(f"What was here before is in {escape(str(restored.aside))}; delete it when all is well.")
    lines.append(
        "Start with `aviary up`: the backup's orders are compared with the exchanges first. Orders placed after it are "
        "unknown here: look for them at the exchange, or cancel everything with `aviary panic`."
    )
    return "\n".join(lines)
