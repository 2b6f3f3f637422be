"""Order books by REST, read at most a few times a second per pair."""

from aviary_exchange.types import OrderBook
from aviary_market_data.fresh import Fresh
from aviary_market_data.venues import Venues, require_pairs


class OrderBooks:
    def __init__(self, venues: Venues, max_age_s: float) -> None:
        self._venues = venues
        self._books: Fresh[tuple[str, str, int], OrderBook] = Fresh(max_age_s)

    async def snapshot(self, connector_name: str, trading_pair: str, depth: int) -> OrderBook:
        exchange = self._venues.get(connector_name)
        require_pairs(exchange, await exchange.rules(), [trading_pair])
        key = (exchange.connector, trading_pair, depth)
        return await self._books.get(key, lambda: exchange.order_book(trading_pair, depth))
