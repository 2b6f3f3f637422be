"""What the orchestration service needs to start."""

from pathlib import Path

from aviary_common.settings import AviarySettings, BusSettings, DatabaseSettings, ServiceSettings, VaultSettings


class FolderSettings(AviarySettings):
    bots_dir: Path
    """Shared by all replicas: controllers, scripts, configs, instances and archives."""


class OrchestrationSettings(ServiceSettings, BusSettings, DatabaseSettings, VaultSettings, FolderSettings):
    service: str = "orchestration"
