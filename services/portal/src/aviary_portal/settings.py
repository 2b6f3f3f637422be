"""What the portal needs to start."""

from pydantic import Field

from aviary_common.settings import BusSettings, ServiceSettings


class PortalSettings(ServiceSettings, BusSettings):
    service: str = "portal"
    portal_services: dict[str, str] = Field(default_factory=dict)
    """Where each service answers, by name: the portal reads their OpenAPI documents there."""
