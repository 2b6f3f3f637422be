"""Hummingbot's `bots/credentials`: a folder per account, in it `connectors/<connector>.yml`."""

from dataclasses import dataclass
from pathlib import Path

from aviary_exchange.hummingbot_files import HummingbotFileError, check_password
from aviary_exchange.hummingbot_files.password_file import FILE_NAME
from aviary_local.errors import LaunchError


@dataclass(frozen=True)
class Found:
    """One credential file, not yet opened."""

    account_name: str
    file: Path


def find(path: Path) -> list[Found]:
    """Sorted by account and file. Also given the `bots` folder itself. LaunchError when there is nothing."""
    root = path / "credentials" if (path / "credentials").is_dir() else path
    found = [
        Found(folder.name, file)
        for folder in sorted(root.iterdir())
        if folder.is_dir()
        for file in sorted((folder / "connectors").glob("*.yml"))
    ]
    if not found:
        raise LaunchError(f"No credentials below {root}: expected <account>/connectors/<connector>.yml.")
    return found


def refuse_wrong_password(found: list[Found], password: str) -> None:
    """Before anything is done: about a second per account. Accounts without the file that tells are not asked."""
    for folder in sorted({each.file.parent.parent for each in found}):
        if (folder / FILE_NAME).exists():
            try:
                check_password(folder, password)
            except HummingbotFileError as error:
                raise LaunchError(str(error)) from None
