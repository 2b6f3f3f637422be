"""A small image registry on loopback, which hands out its one layer as slowly as a test wants."""

import asyncio
import gzip
import hashlib
import io
import json
import secrets
import tarfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Final

LAYER_BYTES: Final = 400_000
CHUNK: Final = 10_000
TLS: Final = b"\x16"
"""An engine tries that first; hung up on, it speaks plainly to loopback."""
MANIFEST: Final = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG: Final = "application/vnd.docker.container.image.v1+json"
LAYER: Final = "application/vnd.docker.image.rootfs.diff.tar.gzip"


class Registry:
    """Registry API v2, as much as it takes to pull. Every repository and tag below ``known`` is the same new image."""

    def __init__(self) -> None:
        layer, self._layer = _layer()
        config = {"architecture": "amd64", "os": "linux", "config": {}}
        config["rootfs"] = {"type": "layers", "diff_ids": [_digest(layer)]}
        self._config = json.dumps(config).encode()
        self._manifest = json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": _described(CONFIG, self._config),
                "layers": [_described(LAYER, self._layer)],
            }
        ).encode()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._serving: set[asyncio.Task[None]] = set()
        self.address = ""

    @property
    def layer_bytes(self) -> int:
        return len(self._layer)

    @property
    def digest(self) -> str:
        """Of the image."""
        return _digest(self._manifest)

    def stall(self) -> None:
        """Half of a layer is sent, and then nothing more until it flows again."""
        self._flowing.clear()

    def flow(self) -> None:
        self._flowing.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Registry"]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            for task in self._serving:
                task.cancel()
            await asyncio.gather(*self._serving, return_exceptions=True)
            await server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                head = await reader.readexactly(1)
                if head == TLS:
                    return
                method, path, *_ = (head + await reader.readuntil(b"\r\n\r\n")).decode().split()
                await self._answer(writer, path, with_body=method == "GET")
        finally:
            self._serving.discard(task)
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, path: str, *, with_body: bool) -> None:
        status, kind, body = self._found(path)
        head = [
            f"HTTP/1.1 {status}",
            f"Content-Type: {kind}",
            f"Content-Length: {len(body)}",
            f"Docker-Content-Digest: {_digest(body)}",
            "Docker-Distribution-Api-Version: registry/2.0",
            "Connection: close",
        ]
        writer.write("\r\n".join([*head, "", ""]).encode())
        for sent in range(0, len(body) if with_body else 0, CHUNK):
            if sent > len(body) / 2 and body is self._layer:
                await self._flowing.wait()
            writer.write(body[sent : sent + CHUNK])
            await writer.drain()

    def _found(self, path: str) -> tuple[str, str, bytes]:
        if path == "/v2/":
            return "200 OK", "application/json", b"{}"
        if path.startswith("/v2/known/") and "/manifests/" in path:
            return "200 OK", MANIFEST, self._manifest
        for kind, blob in ((CONFIG, self._config), (LAYER, self._layer)):
            if path.endswith(f"/blobs/{_digest(blob)}"):
                return "200 OK", kind, blob
        error = {"errors": [{"code": "MANIFEST_UNKNOWN", "message": "manifest unknown"}]}
        return "404 Not Found", "application/json", json.dumps(error).encode()


def _layer() -> tuple[bytes, bytes]:
    """As a tar and packed; unlike every other one, so that no engine has it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in _files():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue(), gzip.compress(buffer.getvalue())


def _files() -> Iterator[tuple[str, bytes]]:
    yield "noise", secrets.token_bytes(LAYER_BYTES)


def _described(kind: str, blob: bytes) -> dict[str, object]:
    return {"mediaType": kind, "size": len(blob), "digest": _digest(blob)}


def _digest(blob: bytes) -> str:
    return f"sha256:{hashlib.sha256(blob).hexdigest()}"
