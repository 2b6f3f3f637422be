"""What the orchestration service needs to start."""

from pathlib import Path

from aviary_common.settings import AviarySettings, DatabaseSettings, ServiceSettings, VaultSettings
from aviary_orchestration.archiving.settings import ArchiveSettings
from aviary_orchestration.broker.settings import BrokerSettings
from aviary_orchestration.deployments.settings import DeploymentSettings
from aviary_orchestration.engine.settings import EngineSettings
from aviary_orchestration.gateway.settings import GatewaySettings
from aviary_orchestration.lifecycle.settings import LifecycleSettings
from aviary_orchestration.watch.settings import WatchSettings


class FolderSettings(AviarySettings):
    bots_dir: Path
    """Shared by all replicas: controllers, scripts, configs, instances and archives."""


class BotSettings(DeploymentSettings, LifecycleSettings, WatchSettings, EngineSettings, ArchiveSettings):
    """How bots are run."""


class OrchestrationSettings(
    ServiceSettings, BrokerSettings, DatabaseSettings, VaultSettings, FolderSettings, BotSettings, GatewaySettings
):
    service: str = "orchestration"
