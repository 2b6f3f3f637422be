"""What one run of user code may use."""

from dataclasses import dataclass
from typing import Final

MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """``wall_s`` counts from the start of the process, ``cpu_s`` and ``memory_bytes`` include the interpreter."""

    wall_s: float = 20.0
    cpu_s: int = 10
    memory_bytes: int = 512 * MEBIBYTE
    """Address space, which is more than what is resident."""
    answer_bytes: int = MEBIBYTE
    open_files: int = 64
    threads: bool = False
    """Whether the code may start threads; it may never start processes."""
