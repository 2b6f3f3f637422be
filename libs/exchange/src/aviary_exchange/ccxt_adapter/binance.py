"""What Binance's own answers tell and ccxt drops: whole klines, exact last prices, wallet balances, leverage."""

from collections.abc import Mapping, Sequence
from typing import Any

from aviary_exchange.ccxt_adapter.raw import ZERO, Raw, number, required, to_decimal
from aviary_exchange.ccxt_adapter.symbols import Listing, Pairs
from aviary_exchange.types import Balance, Candle, Position

KLINES_PER_CALL = 1000


async def last_prices(exchange: Any, listing: Listing | None) -> Mapping[str, Raw]:
    """By the venue's id; of one pair where one is named, of all otherwise, which is cheap either way."""
    params = {} if listing is None else {"symbol": listing.venue_id}
    if exchange.id == "binanceusdm":
        return _by_symbol(await exchange.fapiPublicGetTickerPrice(params))
    return _by_symbol(await exchange.publicGetTickerPrice(params))


async def book_tickers(exchange: Any, listing: Listing | None) -> Mapping[str, Raw]:
    params = {} if listing is None else {"symbol": listing.venue_id}
    if exchange.id == "binanceusdm":
        return _by_symbol(await exchange.fapiPublicGetTickerBookTicker(params))
    return _by_symbol(await exchange.publicGetTickerBookTicker(params))


async def klines(exchange: Any, listing: Listing, interval: str, start_ms: int, limit: int) -> Sequence[Candle]:
    params = {
        "symbol": listing.venue_id,
        "interval": exchange.timeframes[interval],
        "startTime": start_ms,
        "limit": min(limit, KLINES_PER_CALL),
    }
    if exchange.id == "binanceusdm":
        rows = await exchange.fapiPublicGetKlines(params)
    else:
        rows = await exchange.publicGetKlines(params)
    return [_candle(row) for row in rows]


async def wallet(exchange: Any) -> Sequence[Balance]:
    """Futures: the wallet without unrealised profit, and what can be used for new positions."""
    account = await exchange.fapiPrivateV3GetAccount()
    found = [
        Balance(str(asset["asset"]), number(asset, "walletBalance"), number(asset, "availableBalance"))
        for asset in account["assets"]
    ]
    return [balance for balance in found if balance.total or balance.available]


async def positions(exchange: Any, pairs: Pairs) -> Sequence[Position]:
    found = [_position(row, pairs) for row in _rows(await exchange.fapiPrivateV2GetPositionRisk())]
    return [position for position in found if position is not None]


async def leverage(exchange: Any, listing: Listing) -> Raw | None:
    rows = _rows(await exchange.fapiPrivateV2GetPositionRisk({"symbol": listing.venue_id}))
    return rows[0] if rows else None


def _by_symbol(answer: Any) -> Mapping[str, Raw]:
    return {str(row["symbol"]): row for row in _rows(answer)}


def _rows(answer: Any) -> list[Raw]:
    return answer if isinstance(answer, list) else [answer]


def _candle(row: Sequence[Any]) -> Candle:
    return Candle(
        open_time_s=int(row[0]) // 1000,
        open=required(row[1]),
        high=required(row[2]),
        low=required(row[3]),
        close=required(row[4]),
        volume=required(row[5]),
        quote_volume=to_decimal(row[7]),
        trades=int(row[8]),
        taker_buy_base=to_decimal(row[9]),
        taker_buy_quote=to_decimal(row[10]),
    )


def _position(row: Raw, pairs: Pairs) -> Position | None:
    listing = pairs.of_venue_id(row["symbol"])
    amount = number(row, "positionAmt")
    if listing is None or amount == ZERO:
        return None
    return Position(
        trading_pair=listing.trading_pair,
        side=str(row["positionSide"]),
        amount=amount,
        entry_price=number(row, "entryPrice"),
        mark_price=to_decimal(row.get("markPrice")),
        unrealized_pnl=to_decimal(row.get("unRealizedProfit")),
        leverage=to_decimal(row.get("leverage")),
    )
