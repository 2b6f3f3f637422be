"""What Gateway gets of the machine."""

from pathlib import Path
from typing import Final

from pydantic import Field

from aviary_common.settings import AviarySettings

HOST: Final = "host"


class GatewaySettings(AviarySettings):
    gateway_dir: Path
    """Its conf and logs, and the certificates that gateway-proxy makes."""
    gateway_host_dir: Path | None = None
    """What the machine of the engine calls that folder, when that differs from what we call it."""
    gateway_image: str = "hummingbot/gateway:latest"
    gateway_container: str = Field(default="gateway", pattern=r"^[a-zA-Z0-9][a-zA-Z0-9_.-]*$")
    gateway_network: str | None = Field(default=None, min_length=1)
    """A Docker network for it to join, where it is called ``gateway``; otherwise it is reached on loopback only."""
    gateway_memory_mb: int = Field(default=2048, ge=64)
    """Opening a wallet takes 256 MB for a moment."""
    gateway_cpus: float = Field(default=1.0, gt=0)

    @property
    def gateway_on_host(self) -> bool:
        """It shares the machine's network, and listens where its ``conf/server.yml`` says, on every interface."""
        return self.gateway_network == HOST
