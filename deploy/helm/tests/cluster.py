"""Just enough of a Kubernetes API for Traefik's provider: it lists objects, and its watches tell of no change."""

import json
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from deploy.helm.tests.rendering import NAMESPACE, Object

KINDS = (
    "IngressRoute", "IngressRouteTCP", "IngressRouteUDP", "Middleware", "MiddlewareTCP", "ServersTransport",
    "ServersTransportTCP", "TLSOption", "TLSStore", "TraefikService", "Service", "EndpointSlice", "Secret",
    "ConfigMap",
)  # fmt: skip
PLURALS = {f"{kind.lower()}s": kind for kind in KINDS}
FALL_BACK_TO_LISTS = 422
"""To a watch that should begin with everything there is."""


@contextmanager
def kubernetes_api(objects: list[Object], endpoints: Mapping[str, list[int]]) -> Iterator[str]:
    """Its address. ``endpoints`` are the loopback ports behind each Service; one that is left out has none ready."""
    held = defaultdict(list)
    for found in objects:
        held[found["kind"]].append(_stored(found))
        if found["kind"] == "Service":
            name = found["metadata"]["name"]
            held["EndpointSlice"] += [_slice(name, number, port) for number, port in enumerate(endpoints.get(name, []))]
    over = threading.Event()

    class Api(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            kind = PLURALS.get(asked.path.rsplit("/", 1)[-1])
            query = parse_qs(asked.query)
            if kind is None:
                self._answer(404, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 404})
            elif "sendInitialEvents" in query:
                refusal = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Invalid"}
                self._answer(FALL_BACK_TO_LISTS, refusal | {"code": FALL_BACK_TO_LISTS})
            elif "watch" in query:
                self._watch()
            else:
                self._answer(200, _list(kind, held[kind]))

        def log_message(self, *told: Any) -> None:
            """Nobody reads it."""

        def _watch(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.flush()
            over.wait()
            self.close_connection = True

        def _answer(self, status: int, document: Object) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        over.set()
        server.shutdown()
        serving.join()
        server.server_close()


def _stored(found: Object) -> Object:
    metadata = {"namespace": NAMESPACE, "resourceVersion": "1", "uid": found["metadata"]["name"]}
    return found | {"metadata": metadata | found["metadata"]}


def _slice(service: str, number: int, port: int) -> Object:
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": f"{service}-{number}",
            "namespace": NAMESPACE,
            "resourceVersion": "1",
            "labels": {"kubernetes.io/service-name": service},
        },
        "addressType": "IPv4",
        "ports": [{"name": "http", "port": port, "protocol": "TCP"}],
        "endpoints": [{"addresses": ["127.0.0.1"], "conditions": {"ready": True, "serving": True}}],
    }


def _list(kind: str, items: list[Object]) -> Object:
    groups = {"EndpointSlice": "discovery.k8s.io/v1", "Service": "v1", "Secret": "v1", "ConfigMap": "v1"}
    version = groups.get(kind, "traefik.io/v1alpha1")
    return {"kind": f"{kind}List", "apiVersion": version, "metadata": {"resourceVersion": "1"}, "items": items}
