"""`aviary backtest`: what a controller would have earned."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from aviary_local.plainly import told_plainly

Start = Annotated[str | None, typer.Option("--start", metavar="TIME", help="2025-01-31, or 90d for 90 days ago.")]
End = Annotated[str | None, typer.Option("--end", metavar="TIME", help="Now when left out.")]
Resolution = Annotated[str | None, typer.Option("--resolution", help="Of the candles gone through: 1s, 1m, 5m ...")]
Mode = Annotated[str | None, typer.Option("--mode", help="honest, or compat for the reference engine's numbers.")]


def backtest(
    config: Annotated[Path, typer.Argument(metavar="CONFIG.yml", help="A controller's config.", dir_okay=False)],
    start: Start = None,
    end: End = None,
    resolution: Resolution = None,
    mode: Mode = None,
    compare: Annotated[bool, typer.Option("--compare", help="Also the reference engine's numbers, beside.")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE.html", help="Charts, in one file.", dir_okay=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Run a controller on past candles; the last 30 days when --start is left out. Ctrl-C cancels it."""
    with told_plainly() as console:
        from rich.console import Console

        from aviary_local import backtest_asked as asked
        from aviary_local import backtest_view, home
        from aviary_local.backtest_api import Backtests, Run

        wanted = {"config": asked.plain(asked.read(config)), **asked.times(start, end, {})}
        wanted |= {"resolution": resolution or "1m", "mode": mode or "honest"}
        modes = list(dict.fromkeys([wanted["mode"], *(["compat"] if compare else [])]))
        runs: list[Run] = []
        with (
            Backtests.of_running_stack(home.current(), os.environ) as backtests,
            backtest_view.Bar(Console(stderr=True) if as_json else console) as bar,
        ):
            for each in modes:
                run = backtests.start({**wanted, "mode": each})
                try:
                    runs.append(bar.followed(backtests.follow(run)))
                except KeyboardInterrupt:
                    backtests.cancel(run)
                    console.print(f"Backtest {run.id} is cancelled.", highlight=False)
                    raise
            if report is not None and runs[0].status == "completed":
                asked.write(report, backtests.report(runs[0]))
        done = [run for run in runs if run.status == "completed"]
        if as_json:
            told = [dict(run.answer) for run in runs]
            sys.stdout.write(json.dumps(told if compare else told[0], indent=1) + "\n")
        else:
            if done:
                console.print(backtest_view.table(done))
            for run in runs:
                console.print(backtest_view.last_word(run), highlight=False)
            if report is not None and report.exists() and runs[0].status == "completed":
                console.print(f"Wrote {report} ({report.stat().st_size:,} bytes).", highlight=False)
        raise typer.Exit(0 if len(done) == len(runs) else 1)
