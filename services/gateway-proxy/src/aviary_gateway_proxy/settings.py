"""What the gateway-proxy service needs to start."""

from aviary_common.settings import BusSettings, DatabaseSettings, ServiceSettings
from aviary_gateway_proxy.upstream.settings import UpstreamSettings


class GatewayProxySettings(ServiceSettings, BusSettings, DatabaseSettings, UpstreamSettings):
    service: str = "gateway-proxy"
