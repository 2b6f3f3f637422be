"""AVIARY_PORT and AVIARY_PORT_BASE: the two numbers a user may change."""

from collections.abc import Mapping

from aviary_local.errors import LaunchError
from aviary_local.ports import Ports
from aviary_local.topology import REPLICAS_MAX, SERVICES

_HIGHEST = 65_535
_COUNTED = max(service.port for service in SERVICES) + REPLICAS_MAX


def ports(environment: Mapping[str, str]) -> Ports:
    edge = _number(environment, "AVIARY_PORT", Ports.edge, _HIGHEST)
    base = _number(environment, "AVIARY_PORT_BASE", Ports.base, _HIGHEST - _COUNTED)
    if base <= edge < base + _COUNTED:
        raise LaunchError(f"AVIARY_PORT={edge} lies among the ports that count up from AVIARY_PORT_BASE={base}.")
    return Ports(edge, base)


def _number(environment: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise LaunchError(f"{name} must be a port number up to {most}, not {text!r}.")
    return int(text)
