"""`aviary import-credentials`: read one file after the other, and add each through the REST API."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from aviary_exchange import catalogue
from aviary_exchange.credentials import resolve
from aviary_exchange.errors import InvalidCredentials
from aviary_exchange.hummingbot_files import ConnectorFile, HummingbotFileError, read_connector_file
from aviary_exchange.hummingbot_files.connector_file import connector_name_of
from aviary_local.importing_source import Found, refuse_wrong_password
from aviary_local.importing_target import Target


class Fate(StrEnum):
    IMPORTED = "imported"
    WOULD_BE = "would be imported"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(frozen=True)
class Result:
    """``why`` for what was skipped or refused; it never carries a secret."""

    account_name: str
    connector_name: str
    fate: Fate
    why: str = ""

    @property
    def refused(self) -> bool:
        return self.fate is Fate.REFUSED


def import_all(
    found: Sequence[Found], password: str, target: Target, *, dry_run: bool, replace: bool
) -> Iterator[Result]:
    """One result per file, in their order. LaunchError when the password is wrong, before anything is done."""
    refuse_wrong_password(list(found), password)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        opened = pool.map(partial(_open, password=password, target=target, replace=replace), found)
        for each, content in zip(found, opened, strict=True):
            if isinstance(content, Result):
                yield content
            else:
                yield _add(each.account_name, content, target, dry_run=dry_run)


def _open(each: Found, *, password: str, target: Target, replace: bool) -> ConnectorFile | Result:
    """Its content, or why it is not imported. The key derivation takes a second per field and frees the interpreter."""
    name = each.file.stem
    try:
        name = connector_name_of(each.file)
        if not replace and target.has(each.account_name, name):
            return Result(each.account_name, name, Fate.SKIPPED, "Aviary has it already; --replace takes this one")
        content = read_connector_file(each.file, password)
        resolve(catalogue.find(name), content.fields)
    except HummingbotFileError as error:
        return Result(each.account_name, name, Fate.REFUSED, str(error))
    except InvalidCredentials as error:
        return Result(each.account_name, name, Fate.REFUSED, f"{each.file}: {error.detail}")
    return content


def _add(account_name: str, content: ConnectorFile, target: Target, *, dry_run: bool) -> Result:
    name = content.connector_name
    if dry_run:
        return Result(account_name, name, Fate.WOULD_BE)
    refusal = target.add_account(account_name) or target.add(account_name, name, content.fields)
    return Result(account_name, name, Fate.REFUSED if refusal else Fate.IMPORTED, refusal or "")
