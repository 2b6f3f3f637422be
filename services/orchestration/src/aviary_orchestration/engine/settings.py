"""Where the Docker engine is, and how patient we are with it."""

from pathlib import Path
from typing import Final

from pydantic import AliasChoices, Field

from aviary_common.settings import AviarySettings

DEFAULT_HOST: Final = "unix:///var/run/docker.sock"


class EngineSettings(AviarySettings):
    docker_host: str = Field(default=DEFAULT_HOST, validation_alias=AliasChoices("AVIARY_DOCKER_HOST", "DOCKER_HOST"))
    """``unix://`` socket, or ``tcp://`` of a socket proxy."""
    docker_deadline_s: float = Field(default=10.0, gt=0)
    """For one call that does not wait for a container."""
    docker_stop_s: int = Field(default=20, ge=0)
    """How long a container may take to end by itself before it is killed."""
    docker_pull_deadline_s: float = Field(default=3600.0, gt=0)
    bots_host_dir: Path | None = None
    """What the machine of the engine calls the bots' folder, when that differs from what we call it."""
