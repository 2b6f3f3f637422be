"""What a service is told about the world: only what it needs, computed, and never overridden from outside."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aviary_local.home import Home
from aviary_local.nats import Nats
from aviary_local.ports import Ports
from aviary_local.postgres import Postgres
from aviary_local.secrets import CONFIG_PASSWORD, GATEWAY_PASSPHRASE, OLD_CONFIG_PASSWORD, Secrets
from aviary_local.topology import (
    BACKTESTING_WORKER,
    BOTS_BROKER,
    EXCHANGE_BASE_URLS,
    GATEWAY_PROXY,
    MARKET_DATA,
    MQTT_EDGE,
    NATS_MQTT,
    PORTAL,
    SANDBOX,
    SERVICES,
    Service,
)
from aviary_local.valkey import Valkey

_SYSTEM = frozenset(
    {
        "PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
        "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
    }
)  # fmt: skip
_DOCKER = frozenset({"DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY"})
_ARCHIVES = "AVIARY_S3_"
_GATEWAY = "AVIARY_GATEWAY_"
TRACES = "OTEL_EXPORTER_OTLP_ENDPOINT"
_TRACES = "OTEL_"
_LAUNCHER = frozenset(
    {
        "AVIARY_HOME", "AVIARY_PORT", "AVIARY_PORT_BASE", "AVIARY_BACKUP_PASSPHRASE", OLD_CONFIG_PASSWORD,
        "AVIARY_BIND", "AVIARY_DATA", "AVIARY_DOCKER_GID", "AVIARY_DOCKER_SOCKET", "AVIARY_VERSION",
    }
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """Everything an environment is computed from."""

    ports: Ports
    secrets: Secrets
    postgres: Postgres
    valkey: Valkey
    nats: Nats
    home: Home
    outside: Mapping[str, str]


def of(service: Service, replica: int, world: World) -> dict[str, str]:
    return {
        **_passed_through(service, world),
        "PYTHONUNBUFFERED": "1",
        "AVIARY_SERVICE": service.name,
        "AVIARY_LISTEN": world.ports.listen(service, replica),
        **_login(service, world),
        **_dependencies(service, world),
        **_neighbours(service, world),
    }


def _passed_through(service: Service, world: World) -> dict[str, str]:
    """The user's own AVIARY_* settings, but no secret that this service has not been given for itself."""
    system = _SYSTEM | (_DOCKER if service.bots else frozenset())
    withheld = _LAUNCHER | world.secrets.values.keys()
    others = tuple(prefix for prefix, its in ((_ARCHIVES, service.bots), (_GATEWAY, service.gateway)) if not its)
    return {
        name: value
        for name, value in world.outside.items()
        if name in system
        or name.startswith(_TRACES)
        or (name.startswith("AVIARY_") and name not in withheld and not name.startswith(others))
    }


def _login(service: Service, world: World) -> dict[str, str]:
    login = {"AVIARY_USERNAME": world.secrets.username, "AVIARY_PASSWORD": world.secrets.password}
    vault = {CONFIG_PASSWORD: world.secrets.config_password}
    if world.secrets.old_config_password:
        vault[OLD_CONFIG_PASSWORD] = world.secrets.old_config_password
    return (login if service.login else {}) | (vault if service.config_password else {})


def _dependencies(service: Service, world: World) -> dict[str, str]:
    found: dict[str, str] = {}
    if service.schema:
        found["AVIARY_DATABASE_URL"] = world.postgres.url(service)
    if service.cache:
        found["AVIARY_VALKEY_URL"] = world.valkey.url
    if service.nats:
        found["AVIARY_NATS_SERVERS"] = world.nats.url
        found["AVIARY_NATS_USER"] = service.name
        found["AVIARY_NATS_PASSWORD"] = world.secrets.nats_password(service)
    if service.bots:
        found["AVIARY_NATS_AUTH_PASSWORD"] = world.secrets.nats_auth_password
        found["AVIARY_NATS_OPS_PASSWORD"] = world.secrets.nats_ops_password
        found["AVIARY_NATS_CALLOUT_SEED"] = world.secrets.callout_seed
        found["AVIARY_BOTS_BROKER"] = world.ports.at(BOTS_BROKER)
    if service is GATEWAY_PROXY:
        found[GATEWAY_PASSPHRASE] = world.secrets.gateway_passphrase
    if service is MQTT_EDGE:
        found["AVIARY_MQTT_LISTEN"] = world.ports.at(BOTS_BROKER)
        found["AVIARY_NATS_MQTT"] = world.ports.at(NATS_MQTT)
    return found


def _neighbours(service: Service, world: World) -> dict[str, str]:
    found: dict[str, str] = {}
    if service.exchanges:
        venues = {connector: world.ports.url(venue) for connector, venue in EXCHANGE_BASE_URLS.items()}
        found["AVIARY_EXCHANGE_BASE_URLS"] = json.dumps(venues)
    if service.directory:
        behind = {each.name: world.ports.url(each) for each in SERVICES if each.prefixes and each is not PORTAL}
        found["AVIARY_PORTAL_SERVICES"] = json.dumps(behind)
    if service is SANDBOX:
        found["AVIARY_SANDBOX_DATA_DIR"] = str(world.home.folder(SANDBOX.name))
    if service is MARKET_DATA:
        found["AVIARY_CANDLES_DIR"] = str(world.home.folder("candles"))
    if service.candles:
        found["AVIARY_MARKET_DATA_URL"] = world.ports.url(MARKET_DATA)
    if service is BACKTESTING_WORKER:
        found["AVIARY_BACKTEST_CACHE_DIR"] = str(world.home.folder("backtest-cache"))
    if service.bots:
        found["AVIARY_BOTS_DIR"] = str(world.home.folder("bots"))
    if service.gateway:
        found["AVIARY_GATEWAY_DIR"] = str(world.home.folder("gateway"))
    return found
