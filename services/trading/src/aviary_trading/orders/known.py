"""Orders as this process last saw them, so that news about them need no query."""

from collections import OrderedDict
from typing import Final

from aviary_exchange.types import Fill, OrderReport
from aviary_trading.orders.record import Order

REMEMBERED: Final = 20_000

ClientKey = tuple[str, str, str]


class KnownOrders:
    """What is remembered may be out of date: whoever changes an order compares its version, and reads it again when
    somebody was faster. An order only moves forward, so news that changes nothing here changes nothing there."""

    def __init__(self) -> None:
        self._by_client_id: OrderedDict[ClientKey, Order] = OrderedDict()

    def remember(self, order: Order) -> None:
        key = (order.account_name, order.connector_name, order.client_order_id)
        known = self._by_client_id.get(key)
        if known is None or known.version <= order.version:
            self._by_client_id[key] = order
            self._by_client_id.move_to_end(key)
        if len(self._by_client_id) > REMEMBERED:
            self._by_client_id.popitem(last=False)

    def newest(self, order: Order) -> Order:
        """The given one, or what was seen of it since."""
        known = self._by_client_id.get((order.account_name, order.connector_name, order.client_order_id), order)
        return known if known.version > order.version else order

    def of_news(self, account_name: str, connector_name: str, news: OrderReport | Fill) -> Order | None:
        """By our own id; fills that name only the venue's are looked up in the database."""
        if news.client_order_id is None:
            return None
        order = self._by_client_id.get((account_name, connector_name, news.client_order_id))
        return order if order is not None and order.trading_pair == news.trading_pair else None
