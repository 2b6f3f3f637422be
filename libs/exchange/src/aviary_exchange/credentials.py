"""A user's credentials against a connector's config map, checked without asking the venue."""

from collections.abc import Iterator, Mapping
from typing import NotRequired

from typing_extensions import TypedDict  # pydantic takes no other before Python 3.12

from aviary_exchange.catalogue import Connector, CredentialField
from aviary_exchange.errors import InvalidCredentials

IGNORED = frozenset({"connector", "force_override"})
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "api_secret": ("api_secret", "secret_key", "private_key"),
    "secret_key": ("secret_key", "api_secret", "private_key"),
    "secret": ("api_secret", "secret_key", "private_key"),
    "private_key": ("private_key", "api_secret", "secret_key"),
    "api_key": ("api_key", "address"),
}
"""Generic names under which users know the same thing; the first suffix that some field has decides."""


class ConfigMapEntry(TypedDict):
    type: str
    required: bool
    allowed_values: NotRequired[list[str]]


class Credentials(Mapping[str, str]):
    """Resolved values by config-map name; printing them shows names only."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Credentials({', '.join(f'{name}=***' for name in self._values)})"


def config_map(connector: Connector) -> dict[str, ConfigMapEntry]:
    """In the contract's form: ``{"binance_api_key": {"type": "SecretStr", "required": true}, ...}``."""
    return {field.name: _entry(field) for field in connector.fields}


def resolve(connector: Connector, given: Mapping[str, str]) -> Credentials:
    """Values under their config-map names.

    A generic name (``api_key``, ``api_secret``, ``passphrase``, ...) stands for the one field that ends with it. Raises
    ``InvalidCredentials`` naming every field that is unknown, ambiguous, given twice, empty or missing.
    """
    values: dict[str, str] = {}
    complaints: dict[str, str] = {}
    for name, value in given.items():
        if name.strip().lower() in IGNORED:
            continue
        matches = _matches(connector, name.strip().lower())
        if not matches:
            complaints[name] = f"{name} is not a field of {connector.name}"
        elif len(matches) > 1:
            complaints[name] = f"{name} may mean {' or '.join(field.name for field in matches)}"
        elif matches[0].name in values:
            complaints[name] = f"{matches[0].name} is given twice"
        elif text := str(value).strip():
            values[matches[0].name] = text
    for field in connector.fields:
        if field.required and field.name not in values and field.name not in complaints:
            complaints[field.name] = f"{field.name} is missing"
        elif field.allowed_values and field.name in values and values[field.name] not in field.allowed_values:
            complaints[field.name] = f"{field.name} must be one of {', '.join(field.allowed_values)}"
    if complaints:
        raise InvalidCredentials("; ".join(complaints.values()), fields=tuple(complaints))
    return Credentials(values)


def _entry(field: CredentialField) -> ConfigMapEntry:
    entry = ConfigMapEntry(type=field.type, required=field.required)
    if field.allowed_values:
        entry["allowed_values"] = list(field.allowed_values)
    return entry


def _matches(connector: Connector, name: str) -> list[CredentialField]:
    if exact := [field for field in connector.fields if field.name.lower() == name]:
        return exact
    for suffix in SYNONYMS.get(name, (name,)):
        if matches := [field for field in connector.fields if field.name.lower().endswith(f"_{suffix}")]:
            return matches
    return []
