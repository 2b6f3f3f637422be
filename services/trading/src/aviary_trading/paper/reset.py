"""Beginning a paper account anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from aviary_common.errors import BadRequest
from aviary_exchange import catalogue
from aviary_trading.orders.reconcile import Reconciler
from aviary_trading.orders.recorder import Recorder
from aviary_trading.paper.exchange import PaperExchange
from aviary_trading.venues import Venues


@dataclass(frozen=True, slots=True)
class Begun:
    account_name: str
    connector_name: str
    balances: Mapping[str, Decimal]
    cancelled: int


class PaperReset:
    def __init__(
        self, venues: Venues, recorder: Recorder, reconciler: Reconciler, start: Mapping[str, Decimal]
    ) -> None:
        self._venues = venues
        self._recorder = recorder
        self._reconciler = reconciler
        self._start = start

    async def reset(self, account_name: str, connector_name: str, balances: Mapping[str, Decimal] | None) -> Begun:
        """Open orders are cancelled and told so; orders and fills of before stay in the lists."""
        connector = catalogue.find(connector_name)
        exchange = await self._venues.private(account_name, connector.name) if connector.paper else None
        if not isinstance(exchange, PaperExchange):
            raise BadRequest(f"{connector.name} is no paper connector.", code="no_paper_connector")
        begins_with = self._start if balances is None else balances
        cancelled = await exchange.reset(begins_with)
        for order in await self._recorder.unsettled(account_name, connector.name):
            await self._reconciler.look_up(order, exchange)
        return Begun(account_name, connector.name, begins_with, cancelled)
