"""`aviary backup` and `aviary restore`."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aviary_local.plainly import told_plainly

if TYPE_CHECKING:
    from aviary_local.backup.installation import Installation

PASSPHRASE, PASSPHRASE_FILE = "AVIARY_BACKUP_PASSPHRASE", "AVIARY_BACKUP_PASSPHRASE_FILE"
COMPOSE_DATA = "AVIARY_COMPOSE_DATA"
"""Set where the installation is not this checkout's but the one of the containers around."""

File = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="Or a folder; here, named after the time, without.")
]


def backup(
    file: File = None,
    without_candles: Annotated[bool, typer.Option("--without-candles", help="They can be downloaded again.")] = False,
    without_sandbox: Annotated[
        bool, typer.Option("--without-sandbox", help="Leave out the sandbox exchange's own books.")
    ] = False,
    without_secrets: Annotated[
        bool, typer.Option("--without-secrets", help="Leave out secrets.env, which a restoration then needs from you.")
    ] = False,
) -> None:
    """Write everything that cannot be had again into one encrypted file, also while the stack works.

    The passphrase is taken from AVIARY_BACKUP_PASSPHRASE, from the file that AVIARY_BACKUP_PASSPHRASE_FILE names, or
    asked for.
    """
    with told_plainly() as console:
        from aviary_local.backup import view
        from aviary_local.backup.making import make
        from aviary_local.errors import LaunchError
        from aviary_local.topology import CANDLES, SANDBOX

        path = _named(file)
        without = {name for name, is_out in ((CANDLES, without_candles), (SANDBOX.name, without_sandbox)) if is_out}
        chosen = passphrase(confirm=True)
        try:
            with view.Bars(console) as bars:
                made = make(
                    _installation(),
                    path,
                    chosen,
                    bars,
                    without=without,
                    with_secrets=not without_secrets,
                )
        except OSError as error:
            raise LaunchError(f"There is no backup: {error}") from None
        console.print(view.told(made), highlight=False, soft_wrap=True)


def restore(
    file: Annotated[Path, typer.Argument(help="What `aviary backup` wrote.", exists=True, dir_okay=False)],
    replace: Annotated[bool, typer.Option("--replace", help="Where there is data already: move it aside.")] = False,
) -> None:
    """Put a backup back, here or on another machine. The stack must be stopped.

    The passphrase is taken as for a backup. Until all of the file was read and checked, and its database loaded,
    nothing here is touched.
    """
    with told_plainly() as console:
        from aviary_local import home
        from aviary_local.backup import view
        from aviary_local.backup.restoring import restore as put_back
        from aviary_local.errors import LaunchError

        chosen = passphrase(confirm=False)
        try:
            with view.Bars(console) as bars:
                restored = put_back(file, chosen, home.current(), bars, replace=replace)
        except OSError as error:
            raise LaunchError(f"Nothing was restored: {error}") from None
        console.print(view.last_word(restored), highlight=False, soft_wrap=True)


def _named(file: Path | None) -> Path:
    name = f"aviary-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.tar"
    if file is None:
        return Path(name)
    return file / name if file.is_dir() else file


def _installation() -> "Installation":
    from aviary_local import home
    from aviary_local.backup.compose import ComposeInstallation
    from aviary_local.backup.installation import LocalInstallation

    data = os.environ.get(COMPOSE_DATA)
    return ComposeInstallation(Path(data)) if data else LocalInstallation(home.current())


def passphrase(*, confirm: bool) -> str:
    """As the environment has it, or as the user types it."""
    if file := os.environ.get(PASSPHRASE_FILE):
        try:
            return Path(file).read_text().rstrip("\n")
        except OSError as error:
            raise typer.BadParameter(f"{PASSPHRASE_FILE}: {error}") from None
    chosen = os.environ.get(PASSPHRASE)
    return chosen or str(typer.prompt("The backup's passphrase", hide_input=True, confirmation_prompt=confirm))
