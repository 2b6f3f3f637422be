"""Where the machine's own figures are, for a service that runs in a container."""

from pathlib import Path

from pydantic import AliasChoices, Field

from aviary_common.settings import AviarySettings


class HostSettings(AviarySettings):
    """``HOST_PROC`` and ``HOST_DISK_PATH`` are taken as well."""

    host_proc: Path = Field(default=Path("/proc"), validation_alias=AliasChoices("AVIARY_HOST_PROC", "HOST_PROC"))
    host_disk_path: Path = Field(
        default=Path("/"), validation_alias=AliasChoices("AVIARY_HOST_DISK_PATH", "HOST_DISK_PATH")
    )
