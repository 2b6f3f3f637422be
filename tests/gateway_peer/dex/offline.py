"""The connectors that have nothing to talk to: each fails in a way of its own."""

from typing import Final, Never

from tests.gateway_peer.config import CONNECTORS
from tests.gateway_peer.errors import BadRequest, GatewayError, Internal, NotFound, Unavailable

NO_POOL: Final = "Pool not found"
UNEXPECTED: Final = "An unexpected error occurred"
_SDK_BUG: Final = (
    "Meteora positions can't be fetched: this is a known SDK bug with some wallets. Use position-info with an address."
)


NOBODY_HAS_ANY: Final = ("pancakeswap", "positions-owned")
"""Its contracts are on chain, and empty."""


def fail(connector: str, kind: str, action: str) -> Never:
    """What any other connector than Uniswap says."""
    raise _failure(connector, kind, action)


def _failure(connector: str, kind: str, action: str) -> GatewayError:
    if connector == "jupiter":
        return NotFound("No route found: request to https://lite-api.jup.ag failed, reason: getaddrinfo ENOTFOUND")
    if connector == "0x":
        return Internal("Failed to get quote: getaddrinfo ENOTFOUND api.0x.org")
    if connector == "pancakeswap":
        return NotFound("No route found" if kind == "router" else NO_POOL)
    if (connector, action) == ("meteora", "positions-owned"):
        return Unavailable(_SDK_BUG)
    if kind == "clmm" and connector in ("raydium", "meteora") and action == "pool-info":
        return NotFound(NO_POOL)
    return Internal(UNEXPECTED)


def require_trading(connector: str, kind: str, chain: str) -> None:
    """For the routes that name connector and chain side by side."""
    found = CONNECTORS.get(connector)
    if found is None or kind not in found.trading_types:
        raise BadRequest(f"Unsupported connector: {connector}/{kind}")
    if found.chain != chain:
        raise BadRequest(f"Connector {connector}/{kind} does not support chain {chain}")
