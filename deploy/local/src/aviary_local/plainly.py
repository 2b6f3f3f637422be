"""How every command ends that cannot do what was asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console


@contextmanager
def told_plainly() -> Iterator["Console"]:
    """A refusal is one red sentence and exit code 1, never a stack trace."""
    from rich.console import Console

    from aviary_local.errors import LaunchError

    console = Console()
    try:
        yield console
    except LaunchError as error:
        Console(stderr=True).print(f"[red]{error}[/]", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
