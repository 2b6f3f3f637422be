"""Every error that the code raises: its status, its code, and the sentence that stands with it."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from docs.site.settings import PACKAGES
from docs.site.tables import code, table

from aviary_common import errors as tree
from aviary_common.errors import AviaryError
from aviary_exchange import errors as venues


def page() -> str:
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    meanings = dict(re.findall(r"── (\w+) +\d{3} +(.+)", f"{tree.__doc__}{venues.__doc__}"))
    for package in PACKAGES.values():
        kinds = _kinds(package)
        for kind in kinds.values():
            found[(_told(kind.status), kind.default_code)].append(meanings.get(kind.__name__, ""))
        for name, raised_code, sentence in _raised(package):
            if name in kinds:
                found[(_told(kinds[name].status), raised_code)].append(sentence)
    return "\n".join(f"## {status}\n\n{_table(status, found)}" for status in sorted({status for status, _ in found}))


def _told(status: int) -> int:
    """A service never answers 502 or 504 itself: a proxy in between may repeat what was answered so."""
    return 503 if status in (502, 504) else status


def _table(status: int, found: Mapping[tuple[int, str], list[str]]) -> str:
    rows = sorted((raised, sentences) for (each, raised), sentences in found.items() if each == status)
    return table(("code", "in words"), [(code(raised), _example(sentences)) for raised, sentences in rows])


def _example(sentences: list[str]) -> str:
    return next((sentence for sentence in sentences if sentence), "")


def _kinds(package: str) -> Mapping[str, type[AviaryError]]:
    """The error classes that a package can name, by that name."""
    kinds = {each.__name__: each for each in _with_children(AviaryError)}
    for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        if found.name.rsplit(".", 1)[-1] in ("errors", "failures"):
            kinds |= {
                name: each
                for name, each in vars(importlib.import_module(found.name)).items()
                if inspect.isclass(each) and issubclass(each, AviaryError)
            }
    return kinds


def _with_children(kind: type[AviaryError]) -> Iterator[type[AviaryError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _with_children(child)


def _raised(package: str) -> Iterator[tuple[str, str, str]]:
    """The class, the code and the sentence of each error that is made with a code of its own."""
    for source in sorted(Path(str(importlib.import_module(package).__file__)).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                codes = [word.value for word in node.keywords if word.arg == "code"]
                if codes and isinstance(codes[0], ast.Constant) and isinstance(codes[0].value, str):
                    yield node.func.id, codes[0].value, _sentence(node.args)


def _sentence(arguments: list[ast.expr]) -> str:
    """The last text among the arguments; a … stands for what is filled in."""
    texts = [text for text in map(_text, arguments) if text and " " in text]
    return texts[-1] if texts else ""


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "…" for part in node.values)
    return ""
