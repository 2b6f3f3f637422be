"""The `aviary` command. Each command imports what it needs when it runs, so that `aviary --help` is quick."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from aviary_local.backtest_commands import backtest
from aviary_local.backup.commands import backup, restore
from aviary_local.candles_commands import candles
from aviary_local.plainly import told_plainly
from aviary_local.sweep_commands import sweep

app = typer.Typer(
    help="Run the Hummingbot API's services on this machine.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False,
)  # fmt: skip

keys = typer.Typer(help="The key that protects your exchange keys.", no_args_is_help=True)
app.add_typer(keys, name="keys")
app.add_typer(candles, name="candles")
app.command()(backtest)
app.command()(sweep)
app.command()(backup)
app.command()(restore)

Scale = Annotated[list[str], typer.Option("--scale", metavar="SERVICE=N", help="Run N replicas; repeatable.")]
Detach = Annotated[bool, typer.Option("--detach", "-d", help="Return when everything is ready.")]


@app.command()
def up(detach: Detach = False, scale: Scale = []) -> None:  # noqa: B006 - typer reads the default, nobody changes it
    """Start everything; on a running stack, change the number of replicas."""
    with told_plainly() as console:
        from aviary_local import home, settings, state
        from aviary_local import up as starting
        from aviary_local.stack import parse_scale

        here, ports, replicas = home.current(), settings.ports(os.environ), parse_scale(scale)
        if replicas and state.launcher_pid(here) is not None:
            from aviary_local import status as costs

            console.print(costs.table(starting.rescale(here, replicas)))
            return
        start = starting.in_background if detach else starting.in_foreground
        raise typer.Exit(start(console, here, ports, replicas))


@app.command()
def down() -> None:
    """Stop everything; the data stays."""
    with told_plainly() as console:
        from aviary_local import home, state
        from aviary_local import up as stopping

        here = home.current()
        was_running = state.launcher_pid(here) is not None
        left = stopping.down(here)
        if left:
            console.print(f"Ended what an earlier start had left: {', '.join(left)}.")
        console.print("Aviary has stopped." if was_running or left else "Aviary was not running.")


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Show what runs, since when, and what it costs. Exit code 1 unless everything is ready."""
    with told_plainly() as console:
        from aviary_local import control, home
        from aviary_local import status as costs
        from aviary_local.report import StackReport

        report = StackReport.from_json(control.ask(home.current(), "status"))
        if as_json:
            sys.stdout.write(json.dumps(costs.as_json(report), indent=1) + "\n")
        else:
            console.print(costs.table(report))
        raise typer.Exit(0 if report.ready else 1)


@app.command()
def logs(
    name: Annotated[str | None, typer.Argument(metavar="[SERVICE]", help="One process; all when left out.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as lines arrive.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many of the last lines.")] = 50,
) -> None:
    """Show what the processes said."""
    with told_plainly() as console:
        from aviary_local import home
        from aviary_local import reading_logs as reading

        for markup in reading.read(home.current().logs, name, lines, follow):
            console.print(markup, highlight=False, soft_wrap=True)


@app.command()
def doctor() -> None:
    """Check this machine and the running stack, and say what to do about what is wrong."""
    with told_plainly() as console:
        from aviary_local import home
        from aviary_local.doctor import Verdict, examine, table

        findings = examine(home.current(), os.environ)
        console.print(table(findings))
        raise typer.Exit(1 if any(finding.verdict is Verdict.FAIL for finding in findings) else 0)


@app.command()
def panic(
    account: Annotated[list[str], typer.Option("--account", help="Only this account; repeatable.")] = [],  # noqa: B006
    flatten: Annotated[bool, typer.Option("--flatten", help="Also close the positions of perpetuals.")] = False,
    release: Annotated[bool, typer.Option("--release", help="Take orders again.")] = False,
) -> None:
    """Cancel every order at every exchange and block new ones until released. Exit code 1 if anything is still open."""
    with told_plainly() as console:
        from aviary_local import home
        from aviary_local import panic as stopping
        from aviary_local.running_api import running_api

        with running_api(home.current(), os.environ, deadline_s=stopping.DEADLINE_S) as api:
            if release:
                released = stopping.release(api, account)
                console.print(f"Released: {', '.join(released)}." if released else "Nothing was halted.")
                return
            with console.status("cancelling everything"):
                report = stopping.stop(api, account, flatten=flatten)
        console.print(stopping.table(report))
        console.print(f"Halted: {', '.join(report['halted']) or 'nothing'}. Take orders again: aviary panic --release")
        raise typer.Exit(0 if stopping.is_clear(report) else 1)


@keys.command()
def rotate(
    ask: Annotated[
        bool, typer.Option("--ask", help="Type the new config password instead of having one made.")
    ] = False,
    same_password: Annotated[bool, typer.Option("--same-password", help="Only new salts.")] = False,
) -> None:
    """Give the running stack a new config password while it works. Run it again after an interruption.

    The new password is made for you, or taken from AVIARY_NEW_CONFIG_PASSWORD. Exit code 1 unless all is done.
    """
    with told_plainly() as console:
        from aviary_local import home, rotation_view
        from aviary_local.rotation import Rotation

        chosen = os.environ.get("AVIARY_NEW_CONFIG_PASSWORD")
        if ask:
            chosen = typer.prompt("New config password", hide_input=True, confirmation_prompt=True)
        with rotation_view.Bars(console) as bars:
            rotation = Rotation(home.current(), os.environ, bars)
            try:
                outcome = rotation.to_new_salts() if same_password else rotation.to_a_new_password(chosen)
            except KeyboardInterrupt:
                console.print("[yellow]Interrupted.[/] Nothing is lost: run the command again, it goes on from here.")
                raise
        console.print(rotation_view.table(outcome))
        console.print(rotation_view.last_word(outcome), highlight=False)
        raise typer.Exit(0 if outcome.complete else 1)


@app.command("import-credentials")
def import_credentials(
    path: Annotated[Path, typer.Argument(help="Hummingbot's bots/credentials folder.", exists=True, file_okay=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Decrypt and check, add nothing.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Also those that Aviary has already.")] = False,
) -> None:
    """Take over the accounts and exchange keys of an existing Hummingbot, each checked at its exchange.

    Its config password is taken from HUMMINGBOT_CONFIG_PASSWORD, or asked for. Exit code 1 if anything was refused.
    """
    with told_plainly() as console:
        from aviary_local import home, importing_view
        from aviary_local.importing import import_all
        from aviary_local.importing_source import find
        from aviary_local.importing_target import Target

        found = find(path)
        password = os.environ.get("HUMMINGBOT_CONFIG_PASSWORD")
        if password is None:
            password = typer.prompt("Hummingbot's config password", hide_input=True)
        with Target.of_running_stack(home.current(), os.environ) as target, importing_view.Bar(console, found) as bar:
            results = list(bar.watched(import_all(found, password, target, dry_run=dry_run, replace=replace)))
        console.print(importing_view.table(results))
        raise typer.Exit(1 if any(result.refused for result in results) else 0)


def main() -> None:
    app()


if __name__ == "__main__":
    main()
