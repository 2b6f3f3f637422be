"""`aviary sweep`: many configs of a controller on the same candles."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from aviary_local.backtest_commands import End, Mode, Resolution, Start
from aviary_local.plainly import told_plainly


def sweep(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="SWEEP.yml",
            help="config, space, method, trials, objective, split: as POST /backtesting/sweeps takes them.",
            dir_okay=False,
        ),
    ],
    start: Start = None,
    end: End = None,
    resolution: Resolution = None,
    mode: Mode = None,
    top: Annotated[int, typer.Option("--top", min=1, max=100, help="How many of the best to show.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Try many configs on past candles and show the best, in and out of sample. Ctrl-C cancels it."""
    with told_plainly() as console:
        from rich.console import Console

        from aviary_local import backtest_asked as asked
        from aviary_local import home, sweep_view
        from aviary_local.backtest_api import Backtests
        from aviary_local.sweep_api import Sweeps

        wanted = asked.sweep_of(file, start, end)
        wanted |= {name: value for name, value in (("resolution", resolution), ("mode", mode)) if value is not None}
        with (
            Backtests.of_running_stack(home.current(), os.environ) as backtests,
            sweep_view.Bar(Console(stderr=True) if as_json else console) as bar,
        ):
            sweeps = Sweeps(backtests)
            found = sweeps.start(wanted)
            try:
                found = bar.followed(sweeps.follow(found))
            except KeyboardInterrupt:
                sweeps.cancel(found)
                console.print(f"Sweep {found.id} is cancelled; what is computed stays in its table.", highlight=False)
                raise
        if as_json:
            sys.stdout.write(json.dumps(dict(found.answer), indent=1) + "\n")
        else:
            if found.result:
                console.print(sweep_view.table(found, top))
            console.print(sweep_view.last_word(found), highlight=False)
        raise typer.Exit(0 if found.status == "completed" else 1)
