"""``connectors/<name>.yml``: a banner, the connector's name, one line per field, secrets encrypted.

The connector a file belongs to is its ``connector`` key, not its name.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from aviary_exchange import catalogue
from aviary_exchange.catalogue import Connector, CredentialField
from aviary_exchange.errors import UnknownConnector
from aviary_exchange.hummingbot_files.errors import BrokenFile, UnknownContent
from aviary_exchange.hummingbot_files.keyfile import DerivedKey, decrypt, encrypt
from aviary_exchange.hummingbot_files.private import read_text, write_private


@dataclass(frozen=True)
class ConnectorFile:
    """Values by config-map name, in clear text; printing it shows none of them."""

    connector_name: str
    fields: Mapping[str, str] = field(repr=False)


def write_connector_file(
    folder: Path, connector_name: str, fields: Mapping[str, str], password: str | DerivedKey
) -> Path:
    """About a second per secret field, or none with a derived key. Fields that are not given are left out."""
    connector = catalogue.find(connector_name)
    unknown = fields.keys() - {each.name for each in connector.fields}
    if unknown:
        raise UnknownContent(f"{connector.name}.yml", f"there is no field {', '.join(sorted(unknown))}")
    lines: dict[str, object] = {"connector": connector.name}
    for each in connector.fields:
        if each.name in fields:
            lines[each.name] = _stored(each, fields[each.name], password)
    file = folder / f"{connector.name}.yml"
    text = yaml.safe_dump(lines, sort_keys=False, default_flow_style=False, width=float("inf"), allow_unicode=True)
    write_private(file, f"{_banner(connector.name)}\n{text}")
    return file


def connector_name_of(file: Path) -> str:
    """Without decrypting anything."""
    return _connector(_load(file), str(file)).name


def read_connector_file(file: Path, password: str) -> ConnectorFile:
    """About a second per secret field. Empty fields are left out."""
    where = str(file)
    content = _load(file)
    connector = _connector(content, where)
    known = {each.name: each for each in connector.fields}
    unknown = content.keys() - known.keys() - {"connector"}
    if unknown:
        raise UnknownContent(where, f"{connector.name} has no field {', '.join(sorted(map(str, unknown)))}")
    fields = {
        name: decrypt(str(content[name]), password, where=f"{where}, {name}") if each.secret else _text(content[name])
        for name, each in known.items()
        if content.get(name) not in (None, "")
    }
    return ConnectorFile(connector.name, fields)


def _load(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(read_text(file))
    except yaml.YAMLError:
        raise BrokenFile(str(file), "it is not YAML") from None
    if not isinstance(content, dict):
        raise BrokenFile(str(file), "it is not a list of fields")
    return content


def _connector(content: Mapping[str, Any], where: str) -> Connector:
    name = content.get("connector")
    if not isinstance(name, str):
        raise BrokenFile(where, "it does not say which connector it is for")
    try:
        return catalogue.find(name)
    except UnknownConnector as error:
        raise UnknownContent(where, error.detail) from None


def _banner(name: str) -> str:
    title = f"###   {name} config   ###"
    return f"{'#' * len(title)}\n{title}\n{'#' * len(title)}\n"


def _stored(each: CredentialField, text: str, password: str | DerivedKey) -> object:
    if each.secret:
        return encrypt(text, password)
    if each.type == "bool":
        return text.strip().casefold() in {"true", "yes", "1"}
    if each.type in {"int", "list", "object"}:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
