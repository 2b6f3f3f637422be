"""How busy the machine is, as its kernel says."""

import psutil  # type: ignore[import-untyped]

from aviary_orchestration.system.schemas import Cpu, Disk, Memory, Resources
from aviary_orchestration.system.settings import HostSettings


class Machine:
    def __init__(self, settings: HostSettings) -> None:
        """The source of processor and memory figures is one for the whole process."""
        psutil.PROCFS_PATH = str(settings.host_proc)
        self._disk = settings.host_disk_path

    def look(self) -> Resources:
        """Blocks for a moment."""
        one, five, fifteen = psutil.getloadavg()
        logical = psutil.cpu_count() or 1
        memory, disk = psutil.virtual_memory(), psutil.disk_usage(str(self._disk))
        return Resources(
            cpu=Cpu(
                percent=psutil.cpu_percent(),
                count_logical=logical,
                count_physical=psutil.cpu_count(logical=False) or logical,
                load_avg_1m=one,
                load_avg_5m=five,
                load_avg_15m=fifteen,
            ),
            memory=Memory(total=memory.total, available=memory.available, used=memory.used, percent=memory.percent),
            disk=Disk(total=disk.total, used=disk.used, free=disk.free, percent=disk.percent),
        )
