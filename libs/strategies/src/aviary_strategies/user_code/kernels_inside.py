"""Compiled kernels behind walls: the cache on disk can be read there, and nothing is written."""

import importlib
from typing import Any


def keep_no_kernels() -> None:
    """What is not in the cache is compiled for this run alone; numba takes a cache that refuses for a defect."""
    caching: Any = importlib.import_module("numba.core.caching")
    load = caching.Cache.load_overload

    def load_overload(self: Any, *arguments: Any) -> Any:
        try:
            return load(self, *arguments)
        except OSError:
            return None

    caching.Cache.load_overload = load_overload
    caching.Cache.save_overload = lambda *_: None
