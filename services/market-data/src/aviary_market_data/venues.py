"""Open exchanges, one per connector and process, shared by everybody who asks."""

import asyncio
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from aviary_exchange import catalogue
from aviary_exchange.errors import UnknownPair
from aviary_exchange.port import PublicExchange
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import TradingRule
from aviary_exchange.venues import open_public

ALIKE: Final = 0.8
"""Less would find every pair of the same quote token alike."""
HINTS: Final = 3
"""A search goes through all pairs of the venue, which takes milliseconds."""


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

    def names(self) -> list[str]:
        """Of the connectors whose markets can be had here, without their paper forms."""
        return [
            connector.name
            for connector in catalogue.connectors()
            if connector.is_available
            and not connector.paper
            and (not connector.name.startswith("sandbox") or connector.name in self._settings.base_urls)
        ]

    @staticmethod
    def source_of(connector_name: str) -> str:
        """Whose markets they are: of a paper connector its venue's, of any other its own. ``UnknownConnector`` names
        the nearest match."""
        connector = catalogue.find(connector_name)
        return connector.underlying or connector.name

    async def close(self) -> None:
        await asyncio.gather(*(exchange.close() for exchange in self._open.values()))


def require_pairs(exchange: PublicExchange, rules: Mapping[str, TradingRule], wanted: Sequence[str]) -> None:
    """Raise ``UnknownPair`` naming every pair that the venue does not list, and what may have been meant."""
    unknown = [pair for pair in wanted if pair not in rules]
    if unknown:
        nearest = dict.fromkeys(
            match for pair in unknown[:HINTS] for match in get_close_matches(pair, rules, n=1, cutoff=ALIKE)
        )
        hint = f" Did you mean {', '.join(nearest)}?" if nearest else ""
        raise UnknownPair(f"{exchange.connector} does not list {', '.join(unknown)}.{hint}")
