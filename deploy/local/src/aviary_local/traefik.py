"""Traefik: the edge. The only part that users reach; it sends each path to the service that owns its longest prefix."""

import hashlib
import json
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aviary_local import nats
from aviary_local.command import Command
from aviary_local.files import make_private_directory, write_private
from aviary_local.ports import LOOPBACK
from aviary_local.probes import http_ok
from aviary_local.topology import PORTAL, Service

Document = dict[str, Any]
"""A configuration document on its way into a file. JSON is YAML, so no YAML writer is needed."""

UNAVAILABLE_HEADER = "X-Aviary-Service"
"""Whose path it is, on every request passed on. The portal sees another's name only when it stands in for that one."""

HEALTH_CHECK: Document = {"path": "/healthz", "interval": "2500ms", "timeout": "2s", "unhealthyInterval": "500ms"}
NEVER_OUTSIDE = ("/internal", "/metrics", "/readyz")
NOWHERE = "/not-found"
RETRY: Document = {"attempts": 3, "initialInterval": "50ms", "status": ["502"]}
"""A connection that was refused is tried again for every request. One that broke, a 502 of Traefik's own, only for
methods that may be repeated: a replica may have died with the connection that Traefik had kept to it."""
WORDS_PATH = "/internal/unavailable?service="
TRANSPORT_NAME = "replicas"
TRANSPORT: Document = {
    "maxIdleConnsPerHost": 100,
    # Shorter than uvicorn's keep-alive (75 s), so that it is never the service that closes first.
    "forwardingTimeouts": {"dialTimeout": "500ms", "idleConnTimeout": "60s"},
}


@dataclass(frozen=True)
class Traefik:
    directory: Path
    port: int
    admin_port: int
    traces: str | None = None
    """Where OpenTelemetry traces go, if they go anywhere."""

    def prepare(self) -> None:
        make_private_directory(self.directory)
        make_private_directory(self._dynamic.parent)
        write_private(self._static, json.dumps(self.static(), indent=1))

    def command(self) -> Command:
        return Command(
            (nats.bundled("traefik"), f"--configFile={self._static}"),
            cwd=self.directory,
            death_signal=signal.SIGTERM,
        )

    def is_ready(self) -> bool:
        """It answers before it has read its routes, with 404 to everything: ready is when it has taken them over."""
        return self.routes_are_taken_over()

    def write_routes(self, replicas: Mapping[Service, list[str]]) -> None:
        """Takes effect a moment later, without a restart; see `routes_are_taken_over`."""
        document = routes(replicas)
        document["http"]["routers"]["edition"] = {
            "rule": f"Path(`{_edition(document)}`)",
            "service": "ping@internal",
            "entryPoints": ["admin"],
        }
        write_private(self._dynamic, json.dumps(document, indent=1))

    def routes_are_taken_over(self) -> bool:
        """Whether Traefik serves the last written routes: each edition has a path of its own on the admin port."""
        document = json.loads(self._dynamic.read_text())
        del document["http"]["routers"]["edition"]
        return http_ok(self.admin_port, _edition(document))

    def static(self) -> Document:
        return {
            "global": {"checkNewVersion": False, "sendAnonymousUsage": False},
            "log": {"level": "WARN", "noColor": True},
            "entryPoints": {
                "web": {
                    "address": f"{LOOPBACK}:{self.port}",
                    "http": {"aliasHeadersStrategy": "delete"},
                    "transport": {
                        "respondingTimeouts": {"readTimeout": "60s", "idleTimeout": "90s"},
                        "lifeCycle": {"graceTimeOut": "5s"},
                    },
                },
                "admin": {"address": f"{LOOPBACK}:{self.admin_port}"},
            },
            "ping": {"entryPoint": "admin"},
            "metrics": {"prometheus": {"entryPoint": "admin", "addRoutersLabels": True, "addServicesLabels": True}},
            "providers": {
                "providersThrottleDuration": "0.2s",
                "file": {"directory": str(self._dynamic.parent), "watch": True},
            },
            **(_tracing(self.traces) if self.traces else {}),
        }

    @property
    def _static(self) -> Path:
        return self.directory / "traefik.yml"

    @property
    def _dynamic(self) -> Path:
        return self.directory / "routes" / "routes.yml"


def routes(replicas: Mapping[Service, list[str]]) -> Document:
    """The whole table for these replicas (base URLs)."""
    exposed = {service: urls for service, urls in replicas.items() if service.prefixes and urls}
    live = {service: f"{service.name}-live" for service in exposed}
    return table(live, {live[service]: balancer(urls) for service, urls in exposed.items()})


def table(live: Mapping[Service, str], balancers: Document) -> Document:
    """`live` names the balancer over each service's replicas, `balancers` holds those that are not defined elsewhere.

    A service none of whose replicas is alive fails over to the portal, which answers 503 in our form and tells by
    UNAVAILABLE_HEADER in whose stead. A connection that breaks is a 502 or 504 of Traefik's own, and only those two
    statuses are given the portal's words, the 502 as the 503 that a dead component is: until the health check has seen
    the death, a refused connection is a 502 too. A 503 that a service wrote itself passes as it is.
    """
    others = [service for service in live if service is not PORTAL]
    failovers = {each.name: {"failover": _failover(live[each], live[PORTAL])} for each in others if PORTAL in live}
    services = {**balancers, **failovers}
    middlewares: Document = {"retry": {"retry": RETRY}}
    routers: Document = {}
    for service in live:
        owner = f"owner-{service.name}"
        name = "" if service is PORTAL else service.name
        middlewares[owner] = {"headers": {"customRequestHeaders": {UNAVAILABLE_HEADER: name}}}
        chain = [owner, "retry"]
        if service is not PORTAL and PORTAL in live:
            middlewares[f"words-{service.name}"] = {"errors": words(service, live[PORTAL])}
            chain.insert(1, f"words-{service.name}")
        target = service.name if service.name in services else live[service]
        for prefix in service.prefixes:
            routers[f"{service.name}{prefix.replace('/', '-')}"] = _router(prefix, target, chain)
    if PORTAL in live:
        middlewares["nowhere"] = {"replacePath": {"path": NOWHERE}}
        hidden = " || ".join(_whole_segment(prefix) for prefix in NEVER_OUTSIDE)
        routers["hidden"] = {
            "rule": hidden,
            "priority": 10_000,
            "service": live[PORTAL],
            "middlewares": ["nowhere", f"owner-{PORTAL.name}"],
            "entryPoints": ["web"],
        }
    return {
        "http": {
            "routers": routers,
            "middlewares": middlewares,
            "services": services,
            "serversTransports": {TRANSPORT_NAME: TRANSPORT},
        }
    }


def _tracing(endpoint: str) -> Document:
    """The edge begins the trace, unless the caller has."""
    return {"tracing": {"serviceName": "edge", "otlp": {"http": {"endpoint": f"{endpoint.rstrip('/')}/v1/traces"}}}}


def _edition(document: Document) -> str:
    return "/routes/" + hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:16]


def _router(prefix: str, service: str, middlewares: list[str]) -> Document:
    return {
        "rule": "PathPrefix(`/`)" if prefix == "/" else _whole_segment(prefix),
        "priority": len(prefix),
        "service": service,
        "middlewares": middlewares,
        "entryPoints": ["web"],
    }


def _whole_segment(prefix: str) -> str:
    """`/accounts` and what is below it, but not `/accountsx`, which PathPrefix alone would take too."""
    return f"Path(`{prefix}`) || PathPrefix(`{prefix}/`)"


def balancer(urls: list[str]) -> Document:
    return {
        "loadBalancer": {
            "servers": [{"url": url} for url in urls],
            "serversTransport": TRANSPORT_NAME,
            "passHostHeader": True,
            "healthCheck": HEALTH_CHECK,
        }
    }


def _failover(balancer: str, portal: str) -> Document:
    return {"service": balancer, "fallback": portal, "healthCheck": {}}


def words(service: Service, portal: str) -> Document:
    return {
        "status": ["502", "504"],
        "statusRewrites": {"502": 503},
        "service": portal,
        "query": f"{WORDS_PATH}{service.name}",
    }
