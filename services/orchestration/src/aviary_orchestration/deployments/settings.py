"""What bots get of the machine."""

from pathlib import Path

from pydantic import Field

from aviary_common.settings import AviarySettings


class DeploymentSettings(AviarySettings):
    bot_image: str = "hummingbot/hummingbot:latest"
    bot_memory_mb: int = Field(default=1024, ge=64)
    bot_cpus: float = Field(default=1.0, gt=0)
    bot_restarts: int = Field(default=3, ge=0)
    """How often Docker starts a bot again that has crashed."""
    bot_network: str = Field(default="host", min_length=1)
    """The Docker network that bots join; it must lead to the broker."""
    bot_certificates_dir: Path | None = None
    """The Gateway's client certificates, which bots read."""
