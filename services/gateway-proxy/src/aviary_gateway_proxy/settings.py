"""What the gateway-proxy service needs to start."""

from aviary_common.settings import BusSettings, DatabaseSettings, ServiceSettings
from aviary_gateway_proxy.configuration.settings import ReadingSettings
from aviary_gateway_proxy.lifecycle.settings import LifecycleSettings
from aviary_gateway_proxy.transactions.settings import TransactionSettings
from aviary_gateway_proxy.upstream.settings import UpstreamSettings


class GatewayProxySettings(
    ServiceSettings,
    BusSettings,
    DatabaseSettings,
    UpstreamSettings,
    LifecycleSettings,
    ReadingSettings,
    TransactionSettings,
):
    service: str = "gateway-proxy"
