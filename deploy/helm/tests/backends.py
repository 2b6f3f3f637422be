"""Stand-ins for services: each says who it is and what reached it, or breaks in a way of its own."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

OVERLOADED = "/overloaded"
BREAKS = "/breaks"


@dataclass
class Backend:
    name: str
    port: int = 0
    asked: list[str] = field(default_factory=list)
    """Methods of the requests that it broke off."""


@contextmanager
def backend(name: str) -> Iterator[Backend]:
    made = Backend(name)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path.endswith(BREAKS):
                made.asked.append(self.command)
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            told = {"service": name, "path": self.path, "owner": self.headers.get("X-Aviary-Service", "")}
            body = json.dumps(told).encode()
            self.send_response(503 if self.path.endswith(OVERLOADED) else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *told: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_port
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield made
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
