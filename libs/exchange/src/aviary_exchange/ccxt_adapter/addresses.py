"""Points a ccxt instance at another address (a mirror, a testnet, the sandbox).

Generally scheme and host of each URL are exchanged and paths kept. Binance's family needs more: its WebSocket hosts
serve different things under the same path, so each gets the path by which one host can tell them apart.
"""

from typing import Any
from urllib.parse import urlsplit

BINANCE_WEBSOCKET_PATHS: dict[str, Any] = {
    "spot": "/stream",
    "margin": "/stream",
    "linear": "/fstream/ws",
    "inverse": "/dstream/ws",
    "ws-api": {"spot": "/ws-api/v3", "linear": "/ws-fapi/v1", "inverse": "/ws-dapi/v1"},
}
"""ccxt takes a socket for a spot one by the ``/stream`` in its address."""


def move(exchange: Any, base_url: str, *, binance_like: bool) -> None:
    """Replace ``exchange.urls['api']``; classes chosen by URL no longer fit then (see ``failures``)."""
    base = base_url.rstrip("/")
    exchange.urls["api"] = _moved(exchange.urls["api"], base, exchange.hostname or "")
    if binance_like:
        exchange.urls["api"]["ws"] = _websocket_paths(BINANCE_WEBSOCKET_PATHS, base)
    if "test" in exchange.urls:
        exchange.urls["test"] = _moved(exchange.urls["test"], base, exchange.hostname or "")


def _moved(urls: Any, base: str, hostname: str) -> Any:
    if isinstance(urls, dict):
        return {name: _moved(url, base, hostname) for name, url in urls.items()}
    if not isinstance(urls, str):
        return urls
    parts = urlsplit(urls.replace("{hostname}", hostname))
    moved = base + parts.path + (f"?{parts.query}" if parts.query else "")
    return _as_websocket(moved) if parts.scheme.startswith("ws") else moved


def _websocket_paths(paths: Any, base: str) -> Any:
    if isinstance(paths, dict):
        return {name: _websocket_paths(path, base) for name, path in paths.items()}
    return _as_websocket(base + str(paths))


def _as_websocket(url: str) -> str:
    return "ws" + url.removeprefix("http")
