"""Connections to the tests' NATS as one of the services."""

from pydantic import SecretStr

from aviary_common.settings import BusSettings
from aviary_local.testing import Servers


def bus_settings(servers: Servers, service: str) -> BusSettings:
    user, password = servers.nats_user(service)
    return BusSettings(nats_servers=servers.nats_servers, nats_user=user, nats_password=SecretStr(password))
