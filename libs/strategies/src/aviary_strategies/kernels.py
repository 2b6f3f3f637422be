"""Compiled functions."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compiled on its first call and kept on disk; runs without Python's lock; divides as IEEE 754 says.

    Floating point stays in the written order: no fused or reordered operation, so that every machine gets the same.
    """
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
