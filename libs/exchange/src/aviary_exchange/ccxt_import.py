"""Loads single exchange classes of ccxt without the hundred others.

The ``__init__`` of ``ccxt``, ``ccxt.async_support`` and ``ccxt.pro`` each import every exchange: 111 MB and a second,
for a process that needs one or two. A finder in front of the import system answers for these three packages with empty
ones that look names up when asked. Everything else stays the ordinary import: its locks (threads may race here), its
caches and, above all, one single ``ccxt.base.errors``.

Whoever imported the whole of ``ccxt`` before keeps it: then there is nothing left to save.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from threading import Lock
from types import ModuleType
from typing import Any

from aviary_exchange.errors import UnknownConnector

_BASES = {
    "ccxt": "ccxt.base.exchange",
    "ccxt.async_support": "ccxt.async_support.base.exchange",
    "ccxt.pro": "ccxt.async_support.base.exchange",
}
"""The emptied packages, and where the ``Exchange`` that each of them re-exports is defined."""

_installing = Lock()


def exchange_class(ccxt_id: str) -> type[Any]:
    """The WebSocket class of a ccxt exchange, or its REST class where ccxt has no WebSocket one."""
    _install()
    for package in ("ccxt.pro", "ccxt.async_support"):
        name = f"{package}.{ccxt_id}"
        try:
            module = import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
        else:
            found: type[Any] = getattr(module, ccxt_id)
            return found
    raise UnknownConnector(f"This version of ccxt has no exchange {ccxt_id!r}.")


def errors() -> ModuleType:
    """``ccxt.base.errors``: the one module whose classes every exchange raises."""
    _install()
    return import_module("ccxt.base.errors")


def websocket_module(name: str) -> Any:
    """One of the modules on which ccxt's WebSocket classes are built."""
    _install()
    return import_module(f"ccxt.async_support.base.ws.{name}")


def _install() -> None:
    with _installing:
        if "ccxt" not in sys.modules and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
            sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in _BASES:
            return None
        real = PathFinder.find_spec(fullname, path, target)
        if real is None:
            return None
        spec = ModuleSpec(fullname, _EmptyPackageLoader(), origin=real.origin, is_package=True)
        spec.submodule_search_locations = real.submodule_search_locations
        return spec


class _EmptyPackageLoader(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _EmptyPackage(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: that is the point."""


class _EmptyPackage(ModuleType):
    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in ("Exchange", "BaseExchange"):
            return getattr(import_module(_BASES[self.__name__]), name)
        known_errors = import_module("ccxt.base.errors")
        if hasattr(known_errors, name):
            return getattr(known_errors, name)
        try:
            return getattr(import_module(f"{self.__name__}.{name}"), name)
        except ModuleNotFoundError:
            raise AttributeError(f"{self.__name__} has no {name}") from None

    def __setattr__(self, name: str, value: object) -> None:
        """Once a submodule is loaded the import system binds it here, where ccxt's own code expects the class."""
        super().__setattr__(name, getattr(value, name, value) if isinstance(value, ModuleType) else value)
