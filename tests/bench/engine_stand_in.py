"""A Docker engine that only says which containers run: what a bench of bots needs of one, on a socket of its own."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import orjson

VERSION: Final = {"Version": "28.0.0", "ApiVersion": "1.48", "MinAPIVersion": "1.24"}
UP_FOR: Final = timedelta(hours=2)
IMAGE: Final = "hummingbot/hummingbot:latest"
MOUNTS: Final = [
    {"Type": "bind", "Source": f"/bots/instances/a-bot/{each}", "Destination": f"/home/hummingbot/{each}", "RW": True}
    for each in ("conf", "conf/connectors", "conf/scripts", "conf/controllers", "data", "logs", "scripts")
]
"""An answer of the usual size."""

Json = dict[str, Any]


class EngineStandIn:
    def __init__(self, names: Sequence[str]) -> None:
        started = (datetime.now(UTC) - UP_FOR).isoformat().replace("+00:00", "Z")
        self._listed = orjson.dumps([_listed(name) for name in names])
        self._inspected = {name: orjson.dumps(_inspected(name, started)) for name in names}

    async def serve(self, path: Path) -> asyncio.Server:
        return await asyncio.start_unix_server(self._serve, path)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                status, body = self._answer(head.split(b" ", 2)[1].decode())
                content = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(f"HTTP/1.1 {status}\r\n{content}".encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, target: str) -> tuple[str, bytes]:
        path = target.partition("?")[0]
        if path.endswith("/version"):
            return "200 OK", orjson.dumps(VERSION)
        if path.endswith("/containers/json"):
            return "200 OK", self._listed
        inspected = self._inspected.get(path.removesuffix("/json").rpartition("/")[2])
        return ("200 OK", inspected) if inspected else ("404 Not Found", b'{"message": "no such container"}')


def _listed(name: str) -> Json:
    return {
        "Id": name.encode().hex(),
        "Names": [f"/{name}"],
        "Image": IMAGE,
        "State": "running",
        "Status": "Up 2 hours",
        "Labels": {"io.aviary.bot": name},
        "Mounts": MOUNTS,
    }


def _inspected(name: str, started: str) -> Json:
    return {
        "Id": name.encode().hex(),
        "Name": f"/{name}",
        "RestartCount": 0,
        "State": {"Status": "running", "Running": True, "StartedAt": started, "ExitCode": 0},
        "Config": {"Image": IMAGE, "Labels": {"io.aviary.bot": name}, "Env": ["CONFIG_FILE_NAME=v2.py"]},
        "Mounts": MOUNTS,
    }
