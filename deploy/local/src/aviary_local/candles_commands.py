"""`aviary candles`: what the running stack has stored, and more of it."""

import os
from pathlib import Path
from typing import Annotated

import typer

from aviary_local.plainly import told_plainly

candles = typer.Typer(help="Stored candles.", no_args_is_help=True)

Connector = Annotated[str, typer.Argument(metavar="CONNECTOR", help="binance, gate_io, sandbox ...")]
Pair = Annotated[str, typer.Argument(metavar="PAIR", help="BTC-USDT ...")]
Interval = Annotated[str, typer.Option("--interval", "-i", help="1s, 1m, 5m, 1h, 1d ...")]
From = Annotated[str | None, typer.Option("--from", metavar="DATE", help="2025-01-31, or a time; UTC.")]
To = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Now when left out.")]


@candles.command()
def download(
    connector: Connector,
    pair: Pair,
    interval: Interval = "1m",
    start: From = None,
    end: To = None,
    cancel_on_exit: Annotated[
        bool, typer.Option("--cancel-on-exit/--no-cancel-on-exit", help="End the download with Ctrl-C.")
    ] = False,
) -> None:
    """Fetch a range of candles into the store and follow it; the last 30 days when --from is left out."""
    with told_plainly() as console:
        from aviary_local import candles_view, home
        from aviary_local.candles_api import StoredCandles

        with StoredCandles.of_running_stack(home.current(), os.environ) as stored:
            job = stored.download(connector, pair, interval, start, end)
            try:
                with candles_view.Bar(console, job) as bar:
                    job = bar.followed(stored.follow(job))
            except KeyboardInterrupt:
                if cancel_on_exit:
                    stored.cancel(job)
                console.print(candles_view.left_alone(job, cancelled=cancel_on_exit), highlight=False)
                raise
        console.print(candles_view.last_word(job), highlight=False)
        raise typer.Exit(0 if job.state == "done" else 1)


@candles.command("list")
def list_stored(
    connector: Annotated[str | None, typer.Argument(metavar="[CONNECTOR]")] = None,
    pair: Annotated[str | None, typer.Argument(metavar="[PAIR]")] = None,
) -> None:
    """Show which candles are stored."""
    with told_plainly() as console:
        from aviary_local import candles_view, home
        from aviary_local.candles_api import StoredCandles

        with StoredCandles.of_running_stack(home.current(), os.environ) as stored:
            console.print(candles_view.table(stored.catalogue(connector, pair)))


@candles.command("export")
def export_file(
    connector: Connector,
    pair: Pair,
    file: Annotated[Path, typer.Argument(help="Ends in .csv or .parquet.", dir_okay=False)],
    interval: Interval = "1m",
    start: From = None,
    end: To = None,
) -> None:
    """Write stored candles to a file; everything that is stored when --from is left out."""
    with told_plainly() as console:
        from aviary_local import candles_view, home
        from aviary_local.candles_api import StoredCandles

        with StoredCandles.of_running_stack(home.current(), os.environ) as stored, console.status("exporting"):
            gaps = stored.export(connector, pair, interval, start, end, file)
        console.print(f"Wrote {file} ({file.stat().st_size:,} bytes).", highlight=False)
        for line in candles_view.gap_lines(gaps):
            console.print(line, highlight=False)


@candles.command("import")
def import_file(
    connector: Connector,
    pair: Pair,
    file: Annotated[Path, typer.Argument(help="Ends in .csv or .parquet.", exists=True, dir_okay=False)],
    interval: Interval = "1m",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Also candles that are stored already.")] = False,
) -> None:
    """Store the candles of a file."""
    with told_plainly() as console:
        from aviary_local import home
        from aviary_local.candles_api import StoredCandles

        with StoredCandles.of_running_stack(home.current(), os.environ) as stored, console.status("importing"):
            taken = stored.take(connector, pair, interval, file, overwrite=overwrite)
        left_out = f", left out {taken.still_open} that are still open" if taken.still_open else ""
        console.print(f"Stored {taken.rows:,} candles of {connector} {pair} {interval}{left_out}.", highlight=False)
