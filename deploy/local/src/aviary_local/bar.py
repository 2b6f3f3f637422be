"""A progress bar that is shown while its block runs."""

from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import Progress, ProgressColumn


class LiveBar:
    """``options`` go to rich's ``Progress``."""

    def __init__(self, console: Console, *columns: ProgressColumn, **options: Any) -> None:
        self._progress = Progress(*columns, console=console, **options)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()
