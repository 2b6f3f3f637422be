"""Every ``AVIARY_*`` variable, from the classes that read them."""

import ast
import importlib
import inspect
import itertools
import pkgutil
import re
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from docs.site.meanings import MEANINGS
from docs.site.tables import code, table
from pydantic import AliasChoices, BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined, to_json
from pydantic_settings import BaseSettings

PACKAGES: Mapping[str, str] = {
    "Every service": "aviary_common",
    "Exchanges": "aviary_exchange",
    "accounts": "aviary_accounts",
    "trading": "aviary_trading",
    "market-data": "aviary_market_data",
    "orchestration and the bots' edge": "aviary_orchestration",
    "gateway-proxy": "aviary_gateway_proxy",
    "backtesting and its workers": "aviary_backtesting",
    "portal": "aviary_portal",
    "sandbox-exchange": "aviary_sandbox_exchange",
}
"""By the heading that stands over it."""


def page() -> str:
    return "\n".join(f"## {heading}\n\n{_section(package)}" for heading, package in PACKAGES.items())


def defaults() -> Mapping[str, str]:
    """By variable."""
    return {name: default for name, default, _ in _all()}


def meanings() -> Mapping[str, str]:
    """By variable."""
    return {name: meaning for name, _, meaning in _all()}


@cache
def _all() -> list[tuple[str, str, str]]:
    return [row for package in PACKAGES.values() for found in classes(package) for row in _rows(found)]


def classes(package: str) -> list[type[BaseSettings]]:
    """The settings classes that a package defines itself, whichever module they stand in."""
    root = importlib.import_module(package)
    names = (found.name for found in pkgutil.walk_packages(root.__path__, f"{package}."))
    modules = (importlib.import_module(name) for name in names if name.rsplit(".", 1)[-1] == "settings")
    return [
        each
        for module in modules
        for each in vars(module).values()
        if inspect.isclass(each) and issubclass(each, BaseSettings) and each.__module__ == module.__name__
    ]


def _section(package: str) -> str:
    rows = sorted({row for found in classes(package) for row in _rows(found)})
    return table(("variable", "default", "meaning"), [(code(name), default, text) for name, default, text in rows])


def _rows(settings: type[BaseModel], prefix: str | None = None) -> Iterator[tuple[str, str, str]]:
    """Only the fields that the class declares itself: inherited ones stand where they come from."""
    prefix = settings.model_config.get("env_prefix", "") if prefix is None else prefix  # type: ignore[assignment]
    said = _said_below(settings)
    for name in inspect.get_annotations(settings):
        field = settings.model_fields.get(name)
        if field is None or name == "service":
            continue
        variable = _variable(name, field, prefix or "")
        meaning = said.get(name) or MEANINGS.get(variable, "")
        yield variable, _default(field), _meaning(field, meaning)


def _variable(name: str, field: FieldInfo, prefix: str) -> str:
    if isinstance(field.validation_alias, AliasChoices):
        return str(field.validation_alias.choices[0])
    return f"{prefix}{name}".upper()


def _default(field: FieldInfo) -> str:
    value: Any = field.get_default(call_default_factory=True) if not field.is_required() else PydanticUndefined
    if value is PydanticUndefined:
        return "required"
    if value is None:
        return ""
    return code(value if isinstance(value, str) else re.sub(r"([:,])", r"\1 ", to_json(value).decode()))


def _meaning(field: FieldInfo, said: str) -> str:
    names = [str(choice) for choice in getattr(field.validation_alias, "choices", [])[1:]]
    also = f" Also read: {', '.join(map(code, names))}." if names else ""
    return f"{said.replace('``', '`')}{also}"


def _said_below(settings: type) -> Mapping[str, str]:
    """The text below each field, which says what the field's name does not."""
    body = ast.parse(textwrap.dedent(inspect.getsource(settings))).body[0].body  # type: ignore[attr-defined]
    return {
        before.target.id: ast.literal_eval(after.value)
        for before, after in itertools.pairwise(body)
        if isinstance(before, ast.AnnAssign)
        and isinstance(before.target, ast.Name)
        and isinstance(after, ast.Expr)
        and isinstance(after.value, ast.Constant)
    }
