"""What the orchestration service needs to start."""

from aviary_common.settings import ServiceSettings


class OrchestrationSettings(ServiceSettings):
    service: str = "orchestration"
