"""How much a process may use, and that it comes last when there is not enough for all."""

import contextlib
import os
import resource
from pathlib import Path
from typing import Final

from aviary_common.confined.limits import Limits

POLITENESS: Final = 5
FIRST_TO_DIE: Final = "1000"


def limit_resources(limits: Limits) -> None:
    os.nice(POLITENESS)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(FIRST_TO_DIE)
    for what, soft, hard in (
        (resource.RLIMIT_CPU, limits.cpu_s, limits.cpu_s + 1),
        (resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files, limits.open_files),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_MEMLOCK, 0, 0),
    ):
        resource.setrlimit(what, (soft, hard))
