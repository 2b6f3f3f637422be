"""What the client-id edge needs to start."""

from pydantic import Field

from aviary_common.settings import ServiceSettings


class MqttEdgeSettings(ServiceSettings):
    service: str = "mqtt-edge"
    mqtt_listen: str = Field(default="127.0.0.1:1883", pattern=r"^[^:\s]+:\d{1,5}$")
    """Where bots connect to."""
    nats_mqtt: str = Field(pattern=r"^[^:\s]+:\d{1,5}$")
    mqtt_connections_max: int = Field(default=2000, ge=1)
    mqtt_connect_within_s: float = Field(default=5.0, gt=0)
    """How long a client may take to say who it is."""
