"""`aviary backup` and `aviary restore`."""

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from aviary_local.plainly import told_plainly

PASSPHRASE = "AVIARY_BACKUP_PASSPHRASE"

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

    The passphrase is taken from AVIARY_BACKUP_PASSPHRASE, or asked for.
    """
    with told_plainly() as console:
        from aviary_local import home
        from aviary_local.backup import view
        from aviary_local.backup.installation import LocalInstallation
        from aviary_local.backup.making import make
        from aviary_local.errors import LaunchError
        from aviary_local.topology import CANDLES, SANDBOX

        path = _named(file)
        without = {name for name, is_out in ((CANDLES, without_candles), (SANDBOX.name, without_sandbox)) if is_out}
        passphrase = _passphrase(confirm=True)
        try:
            with view.Bars(console) as bars:
                made = make(
                    LocalInstallation(home.current()),
                    path,
                    passphrase,
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

    The passphrase is taken from AVIARY_BACKUP_PASSPHRASE, or asked for. Until all of the file was read and checked, and
    its database loaded, nothing here is touched.
    """
    with told_plainly() as console:
        from aviary_local import home
        from aviary_local.backup import view
        from aviary_local.backup.restoring import restore as put_back
        from aviary_local.errors import LaunchError

        passphrase = _passphrase(confirm=False)
        try:
            with view.Bars(console) as bars:
                restored = put_back(file, passphrase, home.current(), bars, replace=replace)
        except OSError as error:
            raise LaunchError(f"Nothing was restored: {error}") from None
        console.print(view.last_word(restored), highlight=False, soft_wrap=True)


def _named(file: Path | None) -> Path:
    name = f"aviary-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.tar"
    if file is None:
        return Path(name)
    return file / name if file.is_dir() else file


def _passphrase(*, confirm: bool) -> str:
    chosen = os.environ.get(PASSPHRASE)
    return chosen or str(typer.prompt("The backup's passphrase", hide_input=True, confirmation_prompt=confirm))
