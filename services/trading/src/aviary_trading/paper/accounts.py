"""Opens paper accounts, and begins them anew."""

from collections.abc import Mapping
from decimal import Decimal

from aviary_common.database import Database
from aviary_exchange.port import PublicExchange
from aviary_trading.paper.desk import Desk
from aviary_trading.paper.exchange import PaperExchange
from aviary_trading.paper.looks import Looks
from aviary_trading.paper.settings import PaperSettings


class PaperAccounts:
    """``start`` is what an account begins with unless something else is asked for."""

    def __init__(self, database: Database, settings: PaperSettings) -> None:
        self.start: Mapping[str, Decimal] = settings.paper_balances
        self._database = database
        self._settings = settings
        self._looks: dict[str, Looks] = {}

    async def open(self, account_name: str, markets: PublicExchange) -> PaperExchange:
        """``markets`` are those of the paper connector."""
        name = markets.connector
        desk = Desk((account_name, name), self._database)
        await desk.open(self.start)
        looks = self._looks.setdefault(name, Looks(markets, self._settings.paper_look_every_s))
        return PaperExchange(name, markets, desk, looks, self._settings.paper_latency)
