"""Compiled functions."""

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba
from numba.core.registry import cpu_target

F = TypeVar("F", bound=Callable[..., Any])


def _digest_of_sources() -> str:
    """Of all modules that kernels are made of: one is compiled together with those that it calls, wherever they are."""
    told = hashlib.sha256(numba.__version__.encode())
    package = Path(__file__).parent
    for folder in (package, package / "backtest", package / "indicators"):
        for path in sorted(folder.glob("*.py")):
            told.update(path.read_bytes())
    return told.hexdigest()


_SOURCES: Final = _digest_of_sources()


def kernel(function: F) -> F:
    """Compiled on its first call and kept on disk; runs without Python's lock; divides as IEEE 754 says.

    Floating point stays in the written order: no fused or reordered operation, so that every machine gets the same.
    What is on disk counts as long as none of those modules changes, whatever the times of its files are: numba
    itself looks at the kernel's own file alone, and would keep an old callee.
    """
    compiled: Any = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    compiled._cache._cache_file._source_stamp = _SOURCES
    return cast(F, compiled)


def inlined(function: F) -> F:
    """As ``kernel``, but made a part of each of its callers: for what is called so often that a call costs."""
    return cast(F, numba.njit(nogil=True, error_model="numpy", inline="always")(function))


def mark_beside(compiled: Callable[..., Any]) -> Path:
    """A file beside what is cached of that kernel: there once all are, of these sources and for this processor."""
    kernel: Any = compiled
    told = repr((_SOURCES, cpu_target.target_context.codegen().magic_tuple(), sys.implementation.cache_tag))
    return Path(kernel._cache.cache_path) / f"kernels.{hashlib.sha256(told.encode()).hexdigest()[:16]}.compiled"
