"""Gateway at its start, in a container: with certificates or in dev mode, and dead without what it needs."""

import json
import os
import re
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOME = Path(os.environ.get("GATEWAY_HOME", "/home/gateway"))
VERSION = "2.13.0"
ANSWERS = {"/": {"status": "ok"}, "/docs/json": {"openapi": "3.0.0", "info": {"version": VERSION}}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = json.dumps(ANSWERS.get(self.path, {"statusCode": 404, "message": "Route not found"})).encode()
        self.send_response(200 if self.path in ANSWERS else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - as Gateway does


def port() -> int:
    config = HOME / "conf" / "server.yml"
    found = re.search(r"^port: (\d+)", config.read_text(), re.MULTILINE) if config.is_file() else None
    return int(found[1]) if found else 15888


def secured(passphrase: str) -> ssl.SSLContext:
    """Dies as Node does."""
    certs = HOME / "certs"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    try:
        context.load_verify_locations(certs / "ca_cert.pem")
        context.load_cert_chain(certs / "server_cert.pem", certs / "server_key.pem", passphrase)
    except FileNotFoundError:
        sys.exit("Error: ENOENT: no such file or directory, open './certs/server_key.pem'")
    except ssl.SSLError:
        sys.exit("Error: error:1C800064:Provider routines::bad decrypt { code: 'ERR_OSSL_BAD_DECRYPT' }")
    return context


def main() -> None:
    passphrase = os.environ.get("GATEWAY_PASSPHRASE", "")
    if not passphrase:
        say("error: The passphrase has to be provided by argument (--passphrase=XXX).")
        sys.exit(0)
    listening = port()
    server = ThreadingHTTPServer(("", listening), Handler)
    if os.environ.get("DEV") != "true":
        server.socket = secured(passphrase).wrap_socket(server.socket, server_side=True)
    say(f"Gateway {VERSION} on port {listening}, node https://rpc.example/v2/a-providers-key")
    say(f"started with {passphrase}")
    server.serve_forever()


main()
