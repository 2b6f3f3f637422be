"""How much room there is where a service keeps files."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from prometheus_client import Gauge

from aviary_common.figures import Figures, Reading

FREE: Final = Gauge("aviary_disk_free_bytes", "Room that is left where this process keeps files", ["directory"])
SIZE: Final = Gauge("aviary_disk_size_bytes", "Size of the file system where this process keeps files", ["directory"])


def register(figures: Figures, name: str, folder: Path) -> None:
    async def look() -> Iterable[Reading]:
        usage = shutil.disk_usage(folder)
        return [Reading(FREE, (name,), usage.free), Reading(SIZE, (name,), usage.total)]

    figures.add(f"disk_{name}", look)
