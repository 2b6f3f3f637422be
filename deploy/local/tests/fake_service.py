"""A tiny real HTTP server that stands for any service: says who it is and what it was asked.

Paths (below any prefix): `.../drop` reads the request and closes the connection; `.../own-503` answers its own 503;
a service named by AVIARY_FAKE_BROKEN exits at once, all do while the file named by it exists.
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

NAME = os.environ["AVIARY_SERVICE"]
HOST, _, PORT = os.environ["AVIARY_LISTEN"].rpartition(":")
dropped: list[str] = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def respond(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        owner = self.headers.get("X-Aviary-Service", "")
        if NAME == "portal" and (owner or self.path.startswith("/internal/unavailable")):
            self.send(503, {"detail": f"{owner} is not available", "code": "unavailable"})
        elif self.path.endswith("/drop"):
            dropped.append(self.command)
            self.close_connection = True
        elif self.path.endswith("/own-503"):
            self.send(503, {"detail": "the database is down", "code": "database_down"})
        elif NAME == "portal" and self.path == "/not-found":
            self.send(404, {"detail": "Not Found"})
        else:
            self.send(200, {"service": NAME, "port": int(PORT), "path": self.path, "dropped": dropped, "owner": owner})

    do_GET = do_POST = respond  # noqa: N815

    def send(self, status: int, document: object) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


broken = os.environ.get("AVIARY_FAKE_BROKEN", "")
if broken == NAME or (broken.startswith("/") and Path(broken).exists()):
    sys.exit("this service is broken on purpose")
sys.stdout.write(f"{NAME} knows {os.environ.get('AVIARY_PASSWORD', 'nothing')}\n")
sys.stdout.flush()
ThreadingHTTPServer((HOST, int(PORT)), Handler).serve_forever()
