"""How a worker's memory is handed out: kept for the next run, and little of it."""

import ctypes
import os
from typing import Final

TRIM_THRESHOLD: Final = -1
MMAP_THRESHOLD: Final = -3
ARENA_MAX: Final = -8
KEPT_BYTES: Final = 64 << 20
LARGE_BYTES: Final = 16 << 20
"""What is larger goes back at once: files on their way, and columns of more than four years of minutes."""
_SETTINGS: Final = {
    "POLARS_MAX_THREADS": "2",
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0",
}
"""Each thread of polars keeps memory of its own, and its allocator keeps what is freed for ten seconds."""


def keep_for_the_next_run() -> None:
    """Columns that are freed stay with the process: getting their pages from the system anew, zeroed, takes as long as
    half of a run over a year. All threads share one heap, or each would keep as much. Call it before there are any, and
    before polars is imported. Where the C library has no ``mallopt`` nothing changes."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(ARENA_MAX, 1)
        mallopt(TRIM_THRESHOLD, KEPT_BYTES)
        mallopt(MMAP_THRESHOLD, LARGE_BYTES)
