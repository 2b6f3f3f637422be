"""The newest public trades of one pair."""

from collections.abc import Mapping, Sequence

from aviary_exchange.budget import Priority
from aviary_exchange.ccxt_adapter.markets import MarketTable
from aviary_exchange.ccxt_adapter.raw import Raw, instant, number
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.ccxt_adapter.symbols import Listing
from aviary_exchange.types import PublicTrade, TradeType

MOST_PER_CALL = 1000
PARAMS: Mapping[str, Mapping[str, object]] = {
    "binance": {"fetchTradesMethod": "publicGetTrades"},
    "binanceusdm": {"fetchTradesMethod": "fapiPublicGetTrades"},
}
"""Otherwise ccxt asks for aggregates, which cost four times as much on futures and join trades."""


async def recent_trades(session: Session, trading_pair: str, limit: int) -> Sequence[PublicTrade]:
    async def read(table: MarketTable) -> Sequence[PublicTrade]:
        listing = table.pairs.listing(trading_pair)
        params = dict(PARAMS.get(session.exchange.id, {}))
        rows: Sequence[Raw] = await session.exchange.fetch_trades(
            listing.symbol, None, min(limit, MOST_PER_CALL), params
        )
        found = sorted((_trade(row, listing) for row in rows if row.get("side")), key=lambda trade: trade.at)
        return found[-limit:]

    return await session.ask(read, Priority.MARKET_DATA)


def _trade(row: Raw, listing: Listing) -> PublicTrade:
    return PublicTrade(
        trade_id=str(row["id"]),
        price=number(row, "price"),
        amount=listing.to_base(number(row, "amount")),
        taker_side=TradeType(str(row["side"]).upper()),
        at=instant(row["timestamp"]),
    )
