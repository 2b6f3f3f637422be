"""Finding one order by our client order id, and proving that there is none."""

from collections.abc import Sequence

from aviary_common.rates.budget import Priority
from aviary_exchange.ccxt_adapter.client_ids import ClientIds
from aviary_exchange.ccxt_adapter.failures import Failure, Kind
from aviary_exchange.ccxt_adapter.markets import MarketTable
from aviary_exchange.ccxt_adapter.orders import ID_PARAMS, NO_ID_PARAMS
from aviary_exchange.ccxt_adapter.raw import Raw, text
from aviary_exchange.ccxt_adapter.reports import order_report
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.errors import Unsupported
from aviary_exchange.types import OrderReport


async def find_order(session: Session, ids: ClientIds, trading_pair: str, client_order_id: str) -> OrderReport | None:
    """``None`` is a proof; a venue that can't be asked by client order id gives none: there it is ``Unsupported``."""
    venue_id = ids.to_venue(client_order_id)
    id_params = ID_PARAMS.get(session.exchange.id, NO_ID_PARAMS)

    async def ask(table: MarketTable) -> OrderReport:
        listing = table.pairs.listing(trading_pair)
        if id_params.look_up is not None:
            order = await session.exchange.fetch_order(None, listing.symbol, {id_params.look_up: venue_id})
        elif session.exchange.id == "gate":
            order = await session.exchange.fetch_order(f"t-{venue_id}", listing.symbol)
        else:
            order = await _search(session, listing.symbol, venue_id)
        return order_report(order, listing, ids, client_order_id)

    answer = await session.attempt(ask, Priority.ACCOUNT)
    if not isinstance(answer, Failure):
        return answer
    if answer.kind is Kind.NOT_FOUND:
        return None
    raise answer.to_error()


async def _search(session: Session, symbol: str, venue_id: str) -> Raw:
    exchange = session.exchange
    for call in ("fetchOpenOrders", "fetchClosedOrders", "fetchCanceledOrders"):
        if exchange.has.get(call) is True:
            method = {"fetchOpenOrders": exchange.fetch_open_orders, "fetchClosedOrders": exchange.fetch_closed_orders}
            orders: Sequence[Raw] = await method.get(call, exchange.fetch_canceled_orders)(symbol)
            for order in orders:
                if text(order, "clientOrderId") == venue_id:
                    return order
    raise Unsupported(f"{session.connector.name} cannot tell whether it has an order of that client order id.")
