"""The newest public trades of one pair."""

from collections.abc import Mapping, Sequence

from aviary_common.rates.budget import Priority
from aviary_exchange.ccxt_adapter.markets import MarketTable
from aviary_exchange.ccxt_adapter.raw import Raw, instant, number
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.ccxt_adapter.symbols import Listing
from aviary_exchange.types import PublicTrade, TradeType

MOST_PER_CALL = 1000
FEWER_PER_CALL: Mapping[str, int] = {"foxbit": 200, "okx": 500}
"""Venues that refuse more; ccxt cuts for most others."""
BYBIT_SPOT_PER_CALL = 60
PARAMS: Mapping[str, Mapping[str, object]] = {
    "binance": {"fetchTradesMethod": "publicGetTrades"},
    "binanceusdm": {"fetchTradesMethod": "fapiPublicGetTrades"},
}
"""Otherwise ccxt asks for aggregates. On spot they would cost a sixth, but they join trades and have ids of their own:
streamed trades would not be found among them."""


async def recent_trades(session: Session, trading_pair: str, limit: int) -> Sequence[PublicTrade]:
    async def read(table: MarketTable) -> Sequence[PublicTrade]:
        listing = table.pairs.listing(trading_pair)
        params = dict(PARAMS.get(session.exchange.id, {}))
        most = min(max(limit, 1), _most_per_call(session))
        rows: Sequence[Raw] = await session.exchange.fetch_trades(listing.symbol, None, most, params)
        found = sorted((public_trade(row, listing) for row in rows if row.get("side")), key=lambda trade: trade.at)
        return found[-most:]

    return await session.ask(read, Priority.MARKET_DATA)


def _most_per_call(session: Session) -> int:
    if session.exchange.id == "bybit" and not session.connector.is_perpetual:
        return BYBIT_SPOT_PER_CALL
    return FEWER_PER_CALL.get(session.exchange.id, MOST_PER_CALL)


def public_trade(row: Raw, listing: Listing) -> PublicTrade:
    return PublicTrade(
        trade_id=str(row["id"]),
        price=number(row, "price"),
        amount=listing.to_base(number(row, "amount")),
        taker_side=TradeType(str(row["side"]).upper()),
        at=instant(row["timestamp"]),
    )
