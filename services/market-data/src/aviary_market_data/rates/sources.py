"""Where rates may come from: every spot connector whose markets are real and can be reached."""

from difflib import get_close_matches
from typing import Final

from aviary_common.errors import BadRequest
from aviary_exchange import catalogue
from aviary_exchange.settings import ExchangeSettings

SANDBOX: Final = "sandbox"
USUAL: Final = "gate_io"
"""What Hummingbot starts with."""


def sources(exchange: ExchangeSettings) -> list[str]:
    """Without test networks, whose prices mean nothing, and paper connectors, whose prices are their venues'."""
    return [
        connector.name
        for connector in catalogue.connectors()
        if connector.is_available and not (connector.is_perpetual or connector.testnet or connector.paper)
        if connector.name != SANDBOX or SANDBOX in exchange.base_urls
    ]


def require_source(name: str, available: list[str]) -> str:
    """Its own name; ``BadRequest`` names the nearest."""
    wanted = name.strip().lower()
    if wanted in available:
        return wanted
    nearest = get_close_matches(wanted, available, n=1)
    hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
    raise BadRequest(f"There is no rate source {name!r}.{hint}", code="unknown_rate_source")


def default_source(exchange: ExchangeSettings) -> str:
    """A stack with a sandbox exchange answers rates without the internet until somebody chooses a source."""
    return SANDBOX if SANDBOX in exchange.base_urls else USUAL
