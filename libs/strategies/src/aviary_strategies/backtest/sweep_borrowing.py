"""Compiled functions that own nothing."""

from typing import Any, TypeVar, cast

from aviary_strategies.kernels import kernel

F = TypeVar("F", bound=Any)


def borrowing(function: F) -> F:
    """As ``kernel``, for functions that make no arrays but only look into those they are given.

    Numba counts references to each array that an inlined function is given, which took two thirds of a sweep's time;
    without its memory management there is nothing to count. One that makes an array does not compile."""
    compiled: Any = kernel(function)
    compiled.targetoptions["_nrt"] = False
    return cast(F, compiled)
