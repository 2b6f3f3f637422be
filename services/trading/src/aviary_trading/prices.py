"""Prices from market-data, as far as trading needs them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from aviary_common import logs
from aviary_common.bus import Bus
from aviary_common.errors import AviaryError, Unavailable
from aviary_messages.questions import GetPrices

log = logs.get(__name__)

DEADLINE_S: Final = 1.0


class Prices:
    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def known(self, connector_name: str, trading_pairs: Iterable[str]) -> Mapping[str, Decimal]:
        """What market-data can tell within a second; an outage leaves all of them out."""
        pairs = sorted(set(trading_pairs))
        if not pairs:
            return {}
        try:
            question = GetPrices(connector_name=connector_name, trading_pairs=pairs)
            return (await self._bus.ask(question, deadline_s=DEADLINE_S)).prices
        except AviaryError as error:
            log.warning("no prices", connector=connector_name, pairs=pairs, error=error.detail)
            return {}

    async def of(self, connector_name: str, trading_pair: str) -> Decimal | None:
        return (await self.known(connector_name, [trading_pair])).get(trading_pair)

    async def in_usd(self, connector_name: str, currency: str) -> Decimal:
        """Stablecoins count as a dollar. Raises ``Unavailable`` where there is no price."""
        if "USD" in currency:
            return Decimal(1)
        price = await self.of(connector_name, f"{currency}-USDT")
        if price is None:
            raise Unavailable("market-data", f"There is no price of {currency} to hold the limits against.")
        return price
