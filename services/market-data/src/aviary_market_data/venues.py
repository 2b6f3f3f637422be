"""Open exchanges, one per connector and process, shared by everybody who asks."""

import asyncio
from collections.abc import Mapping, Sequence

from aviary_exchange import catalogue
from aviary_exchange.errors import UnknownPair
from aviary_exchange.port import PublicExchange
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import TradingRule
from aviary_exchange.venues import open_public


class Venues:
    def __init__(self, settings: ExchangeSettings) -> None:
        self._settings = settings
        self._open: dict[str, PublicExchange] = {}

    def get(self, connector_name: str) -> PublicExchange:
        """Raises ``UnknownConnector``, which names the nearest match."""
        if (found := self._open.get(connector_name)) is not None:
            return found
        name = catalogue.find(connector_name).name
        if name not in self._open:
            self._open[name] = open_public(name, self._settings)
        return self._open[name]

    async def close(self) -> None:
        await asyncio.gather(*(exchange.close() for exchange in self._open.values()))


def require_pairs(exchange: PublicExchange, rules: Mapping[str, TradingRule], wanted: Sequence[str]) -> None:
    """Raise ``UnknownPair`` naming every pair that the venue does not list."""
    unknown = [pair for pair in wanted if pair not in rules]
    if unknown:
        raise UnknownPair(f"{exchange.connector} does not list {', '.join(unknown)}.")
