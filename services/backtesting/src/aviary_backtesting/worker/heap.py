"""How a worker's memory is handed out."""

import ctypes
from typing import Final

TRIM_THRESHOLD: Final = -1
MMAP_THRESHOLD: Final = -3
KEPT_BYTES: Final = 256 << 20
LARGE_BYTES: Final = 32 << 20
"""The most that glibc takes."""


def keep_freed_memory() -> None:
    """Columns that are freed stay with the process: getting their pages from the system anew, zeroed, takes longer than
    a short backtest itself. Where the C library has no ``mallopt`` nothing changes."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(TRIM_THRESHOLD, KEPT_BYTES)
        mallopt(MMAP_THRESHOLD, LARGE_BYTES)
