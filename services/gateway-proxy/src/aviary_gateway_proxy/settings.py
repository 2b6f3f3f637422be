"""What the gateway-proxy service needs to start."""

from aviary_common.settings import ServiceSettings


class GatewayProxySettings(ServiceSettings):
    service: str = "gateway-proxy"
