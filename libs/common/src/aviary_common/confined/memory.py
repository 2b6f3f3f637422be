"""Modules whose source is a text and not a file: a controller, and what lies beside it in its package."""

import importlib
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType


class SourceLoader(Loader):
    def __init__(self, name: str, source: str) -> None:
        self._name = name
        self._source = source

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = self._name.rpartition(".")[2] + ".py"
        code = compile(self._source, f"<{module.__file__}>", "exec")
        exec(code, module.__dict__)  # noqa: S102 - what this worker is for


class SourceFinder(MetaPathFinder):
    """Asked before all others, so that a user's module goes before one of ours with the same name."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources
        self._packages = {name.rpartition(".")[0] for name in sources}

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        is_package = any(package == fullname or package.startswith(fullname + ".") for package in self._packages)
        if not is_package and fullname not in self._sources:
            return None
        return ModuleSpec(fullname, SourceLoader(fullname, self._sources.get(fullname, "")), is_package=is_package)

    def install(self) -> None:
        sys.meta_path.insert(0, self)
        if any("numba" in text for text in self._sources.values()) and find_spec("numba") is not None:
            _compile_without_keeping()


def _compile_without_keeping() -> None:
    """Numba refuses ``cache=True`` for a function of a text: there is no file that it could keep it beside."""
    dispatcher = importlib.import_module("numba.core.dispatcher").Dispatcher
    dispatcher.enable_caching = lambda _: None
