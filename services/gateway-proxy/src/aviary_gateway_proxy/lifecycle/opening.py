"""The way to Gateway, and who looks after it: somebody else when the settings name an address, or we ourselves."""

from aviary_common.runtime import Runtime
from aviary_common.timestamps import utc_now
from aviary_gateway_proxy.lifecycle.certificates import Certificates
from aviary_gateway_proxy.lifecycle.elsewhere import ForeignGateway
from aviary_gateway_proxy.lifecycle.finder import ContainerFinder
from aviary_gateway_proxy.lifecycle.life import Life
from aviary_gateway_proxy.lifecycle.orchestration import Orchestration
from aviary_gateway_proxy.lifecycle.service import OwnGateway
from aviary_gateway_proxy.settings import GatewayProxySettings
from aviary_gateway_proxy.upstream.address import FixedAddress
from aviary_gateway_proxy.upstream.budget import open_budget
from aviary_gateway_proxy.upstream.client import Gateway


def open_gateway(settings: GatewayProxySettings, runtime: Runtime) -> tuple[Gateway, Life]:
    budget = open_budget(settings, runtime.cache)
    if settings.gateway_url:
        gateway = Gateway(FixedAddress(settings), budget, settings)
        return gateway, ForeignGateway(gateway, settings.gateway_url, settings.gateway_start_deadline_s)
    orchestration = Orchestration(runtime.bus)
    certificates = Certificates(settings.gateway_dir, settings.gateway_passphrase)
    gateway = Gateway(ContainerFinder(orchestration, certificates), budget, settings)
    return gateway, OwnGateway(orchestration, gateway, certificates, runtime.leases, settings, utc_now)
