"""What the gateway-proxy service needs to start."""

from aviary_common.settings import BusSettings, DatabaseSettings, ServiceSettings


class GatewayProxySettings(ServiceSettings, BusSettings, DatabaseSettings):
    service: str = "gateway-proxy"
