"""`python -m aviary_local.compose.start_gateway`: what the profile `gateway` adds to the stack, through the API.

Fetches Gateway's image where it is missing, and starts Gateway unless it runs. Run again until it has come to its end.
"""

import base64
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from aviary_local.secrets import parse

EDGE = "http://edge:8000"
IMAGE = "hummingbot/gateway:latest"
DEADLINE_S = 120.0
LOOK_EVERY_S = 2.0


@dataclass(frozen=True)
class Api:
    base: str
    username: str
    password: str

    def ask(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """GET, or POST when there is a body."""
        login = base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
        headers = {"Authorization": f"Basic {login}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        try:
            with urlopen(Request(self.base + path, data, headers), timeout=DEADLINE_S) as answer:  # noqa: S310
                return json.load(answer)
        except HTTPError as error:
            sys.exit(f"{path}: {error.code} {error.read().decode()}")


def start(api: Api) -> None:
    if not api.ask(f"/docker/available-images?image_name={quote(IMAGE)}"):
        _pull(api)
    if not api.ask("/gateway/status")["running"]:
        api.ask("/gateway/start", {})


def _pull(api: Api) -> None:
    api.ask("/docker/pull-image", {"image_name": IMAGE})
    while (pull := api.ask("/docker/pull-status")["pull_operations"][IMAGE])["status"] != "completed":
        if pull["error"]:
            sys.exit(f"{IMAGE} could not be pulled: {pull['error']}")
        time.sleep(LOOK_EVERY_S)


if __name__ == "__main__":
    told = parse(Path("/run/secrets/aviary").read_text())
    start(Api(EDGE, told["AVIARY_USERNAME"], told["AVIARY_PASSWORD"]))
