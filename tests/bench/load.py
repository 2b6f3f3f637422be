"""A cheap HTTP/1.1 client for loads: kept-alive connections, one request at a time each, loopback only."""

import asyncio
import base64
import re
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_VENUE = re.compile(rb"server-timing:[^\r]*venue;dur=([\d.]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    ms: float
    venue_ms: float
    """The part of it that a venue took, as ``Server-Timing`` tells."""


class Connection:
    def __init__(self, base_url: str, login: tuple[str, str]) -> None:
        split = urlsplit(base_url)
        if split.hostname not in {"localhost", "127.0.0.1"}:
            raise ValueError("loads go to this machine only")
        self._address = ("127.0.0.1", split.port or 80)
        token = base64.b64encode(":".join(login).encode()).decode()
        self._head = f"Host: localhost\r\nAuthorization: Basic {token}\r\nContent-Type: application/json\r\n"

    async def open(self) -> "Connection":
        self._reader, self._writer = await asyncio.open_connection(*self._address)
        return self

    async def get(self, path: str) -> Answer:
        return await self._ask(f"GET {path} HTTP/1.1\r\n{self._head}\r\n".encode())

    async def post(self, path: str, body: bytes) -> Answer:
        head = f"POST {path} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n"
        return await self._ask(head.encode() + body)

    async def _ask(self, request: bytes) -> Answer:
        started = time.perf_counter()
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        answer = await self._reader.readexactly(int(length[1])) if length else b""
        took = (time.perf_counter() - started) * 1000
        venue = _VENUE.search(head)
        return Answer(int(head[9:12]), answer, took, float(venue[1]) if venue else 0.0)

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


async def closed_loop(
    url: str, login: tuple[str, str], path: str, body: bytes, *, connections: int, seconds: float
) -> tuple[float, list[float]]:
    """Every connection asks again as soon as it is answered: requests a second, and every latency in ms."""
    opened = [await Connection(url, login).open() for _ in range(connections)]
    latencies: list[float] = []
    started = time.perf_counter()

    async def repeat(connection: Connection) -> None:
        while time.perf_counter() < started + seconds:
            latencies.append((await _good(connection, path, body)).ms)

    await asyncio.gather(*(repeat(connection) for connection in opened))
    rate = len(latencies) / (time.perf_counter() - started)
    for connection in opened:
        await connection.close()
    return rate, latencies


async def open_loop(
    url: str, login: tuple[str, str], path: str, body: bytes, *, connections: int, rate: float, seconds: float
) -> list[float]:
    """A steady rate, whatever comes back: milliseconds from when each request was due to its answer."""
    opened = [await Connection(url, login).open() for _ in range(connections)]
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for connection in opened:
        free.put_nowait(connection)

    async def ask(due: float) -> float:
        connection = await free.get()
        await _good(connection, path, body)
        free.put_nowait(connection)
        return (time.perf_counter() - due) * 1000

    tasks = []
    started = time.perf_counter()
    for number in range(int(rate * seconds)):
        due = started + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(ask(due)))
    latencies = await asyncio.gather(*tasks)
    for connection in opened:
        await connection.close()
    return latencies


async def _good(connection: Connection, path: str, body: bytes) -> Answer:
    answer = await connection.post(path, body)
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {answer.body!r}")
    return answer


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
