"""`python -m aviary_local.compose.restore STEP DATA`: what `deploy/docker/restore` has done in containers.

``unpack`` and ``environment`` come before there is a database, ``load`` when there is one with roles and empty schemas.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from aviary_local.backup import compose
from aviary_local.backup.commands import passphrase
from aviary_local.backup.view import Bars
from aviary_local.plainly import told_plainly

app = typer.Typer(pretty_exceptions_enable=False)
Data = Annotated[Path, typer.Argument(help="The new installation's folder.", exists=True)]


@app.command()
def unpack(data: Data, file: Path) -> None:
    with told_plainly() as console:
        chosen = passphrase(confirm=False)
        with Bars(console) as bars:
            about = compose.unpack(file, chosen, data, bars)
        console.print(f"The backup is of {about.made_at} (Aviary {about.aviary}).", highlight=False)


@app.command()
def environment(data: Data) -> None:
    """This machine's .env on standard input, the new one on standard output."""
    with told_plainly():
        sys.stdout.write(compose.environment(data, sys.stdin.read()))


@app.command()
def load(data: Data) -> None:
    with (
        told_plainly() as console,
        Bars(console) as bars,
        compose.ComposeInstallation(data).database() as database,
    ):
        compose.load_database(data, database, bars)


if __name__ == "__main__":
    app()
