"""What the orchestration service needs to start."""

from aviary_common.settings import BusSettings, DatabaseSettings, ServiceSettings


class OrchestrationSettings(ServiceSettings, BusSettings, DatabaseSettings):
    service: str = "orchestration"
