"""``python -m tests.contract.client_table`` prints ``docs/client.md``: each method of the official client, what it asks
for and what comes of it."""

import ast
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from hummingbot_api_client import HummingbotAPIClient

from tests.contract.openapi import PATH as OPENAPI
from tests.e2e.official import LATER, NEVER, PROVEN_BY, REFUSED_HERE

PACKAGE: Final = "hummingbot-api-client"
PAGE: Final = Path(__file__).parents[2] / "docs" / "client.md"
HEADER: Final = f"""# The official client

Every method of `{PACKAGE}` {version(PACKAGE)}, what it asks for and what comes of it. *Passes* means that the tests
named at the router call the method on the running stack, through the edge, and assert on its answer; each of their
modules fails when a method of its routers was not called, or was refused. Methods without a call of their own are made
of others.

This page is written by `make client-table`.
"""
VERBS: Final = {"_get": "GET", "_post": "POST", "_put": "PUT", "_delete": "DELETE"}
SOCKETS: Final = {"market_data": "/ws/market-data", "executors": "/ws/executors"}
AS_TEXT: Final = {"get_bot_history": "verbose", "remove_container": "archive_locally"}
"""Parameters that the client fails on before it sends anything, unless they are given as text."""


@dataclass(frozen=True)
class Method:
    router: str
    name: str
    calls: tuple[tuple[str, str], ...]
    through: tuple[str, ...]

    @property
    def told(self) -> str:
        own = ", ".join(f"`{verb} {path}`" for verb, path in self.calls)
        return own or "through " + ", ".join(f"`{name}`" for name in self.through)

    @property
    def result(self) -> str:
        if self.router in LATER or (self.router == "ws" and self.name in LATER):
            return "later release"
        if self.name in NEVER:
            return NEVER[self.name]
        if self.router == "gateway" and self.name in REFUSED_HERE:
            return REFUSED_HERE[self.name]
        as_text = AS_TEXT.get(self.name)
        return f"passes, with `{as_text}` as text: the client cannot send a bool" if as_text else "passes"


def routers() -> dict[str, type]:
    """By the client's attribute."""
    client = HummingbotAPIClient()
    source = inspect.getsource(type(client))
    made = re.findall(r"self\._(\w+) = (\w+Router)\(", source)
    module = inspect.getmodule(type(client))
    return {name: getattr(module, kind) for name, kind in made}


def methods() -> Iterator[Method]:
    for router, kind in sorted(routers().items()):
        for name, function in vars(kind).items():
            if inspect.isfunction(function) and not name.startswith("_"):
                yield _method(router, name, function)


def _method(router: str, name: str, function: Callable[..., Any]) -> Method:
    if router == "ws":
        return Method(router, name, (("WebSocket", SOCKETS[name]),), ())
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    asked = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_own(node)]
    variables = {
        node.targets[0].id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    own = [(VERBS[_name(call)], _path(call.args[0], variables)) for call in asked if _name(call) in VERBS]
    others = [_name(call) for call in asked if not _name(call).startswith("_")]
    return Method(router, name, tuple(dict.fromkeys(own)), tuple(dict.fromkeys(others)))


def _is_own(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id == "self"
    )


def _name(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Attribute)
    return call.func.attr


def _path(node: ast.expr, variables: Mapping[str, ast.expr]) -> str:
    if isinstance(node, ast.Name):
        return _path(variables[node.id], variables)
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "/" + "".join(_text(part) for part in parts).strip("/")


def _text(part: ast.expr) -> str:
    """What stands in a path for a variable is its name."""
    if isinstance(part, ast.Constant):
        return str(part.value)
    *_, variable = (node.id for node in ast.walk(part) if isinstance(node, ast.Name))
    return f"{{{variable}}}"


def page() -> str:
    found = list(methods())
    sections = [_section(name, [each for each in found if each.router == name]) for name in sorted(routers())]
    return HEADER + "".join(sections)


def _section(router: str, found: list[Method]) -> str:
    proof = ", ".join(f"`tests/e2e/{module}.py`" for module in PROVEN_BY.get(router, ()))
    rows = "".join(f"| `{each.name}` | {each.told} | {each.result} |\n" for each in found)
    words = (
        f"Proved by {proof}." if proof else "Comes with a later release; until then its routes answer 501 and say so."
    )
    return f"\n## `{router}`\n\n{words}\n\n| method | call | result |\n|---|---|---|\n{rows}"


def documented() -> dict[tuple[str, str], dict[str, Any]]:
    """The committed document's operations, by method and path without names."""
    paths = json.loads(OPENAPI.read_text())["paths"]
    return {(verb.upper(), form(path)): each for path, found in paths.items() for verb, each in found.items()}


def form(path: str) -> str:
    return re.sub(r"{[^}]*}", "{}", path).rstrip("/")


if __name__ == "__main__":
    sys.stdout.write(page())
