"""What holders of perpetuals will pay, read from the venue at most every two seconds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from aviary_exchange import catalogue
from aviary_exchange.errors import UnknownConnector, Unsupported
from aviary_exchange.types import FundingInfo, FundingRate
from aviary_market_data.fresh import Fresh
from aviary_market_data.in_use import ConnectorsInUse
from aviary_market_data.venues import Venues, require_pairs

MAX_AGE_S: Final = 2.0


class Funding:
    def __init__(self, venues: Venues, in_use: ConnectorsInUse) -> None:
        self._venues = venues
        self._in_use = in_use
        self._infos: Fresh[tuple[str, frozenset[str]], Mapping[str, FundingInfo]] = Fresh(MAX_AGE_S)

    async def of(self, connector_name: str, trading_pairs: Sequence[str]) -> Mapping[str, FundingInfo]:
        """``Unsupported`` on a spot connector, naming its perpetual one; ``UnknownPair`` names all that are not listed.

        Who asks for the same pairs at once shares a call.
        """
        _require_perpetual(connector_name)
        exchange = self._venues.get(connector_name)
        require_pairs(exchange, await exchange.rules(), trading_pairs)
        await self._in_use.note(exchange.connector)
        wanted = frozenset(trading_pairs)
        return await self._infos.get((exchange.connector, wanted), lambda: exchange.funding_infos(sorted(wanted)))

    async def settled(
        self, connector_name: str, trading_pair: str, start: datetime, end: datetime
    ) -> Sequence[FundingRate]:
        """What was settled within both bounds, oldest first; refuses what ``of`` refuses."""
        _require_perpetual(connector_name)
        exchange = self._venues.get(connector_name)
        require_pairs(exchange, await exchange.rules(), [trading_pair])
        return await exchange.funding_rates(trading_pair, start, end)


def _require_perpetual(connector_name: str) -> None:
    connector = catalogue.find(connector_name)
    if connector.is_perpetual:
        return
    perpetual = _perpetual_of(connector.underlying or connector.name)
    hint = f" Ask {perpetual} for it." if perpetual else ""
    raise Unsupported(f"{connector.name} is a spot connector: there is no funding.{hint}")


def _perpetual_of(spot: str) -> str | None:
    """Hummingbot puts a test network's suffix last: ``binance_perpetual_testnet``."""
    name = spot.removesuffix("_testnet") + "_perpetual" + ("_testnet" if spot.endswith("_testnet") else "")
    try:
        connector = catalogue.find(name)
    except UnknownConnector:
        return None
    return connector.name if connector.is_available else None
