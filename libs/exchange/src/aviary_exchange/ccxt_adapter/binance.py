"""What Binance's own answers tell and ccxt drops: klines, exact last prices, wallet balances, leverage, funding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from aviary_exchange.ccxt_adapter.markets import MarketTable
from aviary_exchange.ccxt_adapter.raw import ZERO, Raw, instant, number, required, to_decimal
from aviary_exchange.ccxt_adapter.symbols import Listing, Pairs
from aviary_exchange.types import Balance, Candle, FundingInfo, FundingPayment, Position, PositionSide

KLINES_PER_CALL = 1000
RATES_PER_CALL = 1000
SAME_FUNDING_S = 60
"""How far a payment's time and its rate's may lie apart."""


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


async def funding_info(exchange: Any, listing: Listing) -> FundingInfo:
    return _funding_info(await exchange.fapiPublicGetPremiumIndex({"symbol": listing.venue_id}), listing)


async def funding_infos(exchange: Any, listings: Sequence[Listing]) -> Sequence[FundingInfo]:
    """Of all pairs in one call, those asked for picked out."""
    rows = _by_symbol(await exchange.fapiPublicGetPremiumIndex({}))
    return [_funding_info(rows[listing.venue_id], listing) for listing in listings if listing.venue_id in rows]


def _funding_info(row: Raw, listing: Listing) -> FundingInfo:
    return FundingInfo(
        trading_pair=listing.trading_pair,
        mark_price=number(row, "markPrice"),
        index_price=to_decimal(row.get("indexPrice")),
        rate=number(row, "lastFundingRate"),
        next_funding_at=instant(row["nextFundingTime"]),
    )


@dataclass(frozen=True, slots=True)
class FundedAt:
    at: datetime
    rate: Decimal
    mark_price: Decimal | None


async def funded_since(exchange: Any, trading_pair: str, since_ms: int, table: MarketTable) -> Sequence[FundedAt]:
    """All rates from a minute before that time on, oldest first."""
    start_ms = since_ms - SAME_FUNDING_S * 1000
    found: list[FundedAt] = []
    while True:
        params = {"symbol": table.pairs.listing(trading_pair).venue_id, "startTime": start_ms, "limit": RATES_PER_CALL}
        rows = _rows(await exchange.fapiPublicGetFundingRate(params))
        found += [
            FundedAt(instant(row["fundingTime"]), number(row, "fundingRate"), to_decimal(row.get("markPrice")))
            for row in rows
        ]
        if len(rows) < RATES_PER_CALL:
            return found
        start_ms = int(rows[-1]["fundingTime"]) + 1


def with_rate(paid: FundingPayment, rates: Sequence[FundedAt], amount_step: Decimal) -> FundingPayment:
    """The rate of the same moment; whoever pays at a positive one is long, and the amount tells how much."""
    nearest = min(rates, key=lambda funded: abs(funded.at - paid.at), default=None)
    if nearest is None or abs((nearest.at - paid.at).total_seconds()) > SAME_FUNDING_S or not nearest.rate:
        return paid
    size = None
    if nearest.mark_price:
        steps = abs(paid.amount / (nearest.rate * nearest.mark_price)) / amount_step
        size = steps.to_integral_value() * amount_step
    return replace(
        paid,
        rate=nearest.rate,
        position_size=size,
        position_side=PositionSide.LONG if (paid.amount < 0) == (nearest.rate > 0) else PositionSide.SHORT,
    )


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
        side=PositionSide.LONG if amount > 0 else PositionSide.SHORT,
        amount=abs(amount),
        entry_price=number(row, "entryPrice"),
        mark_price=to_decimal(row.get("markPrice")),
        unrealized_pnl=to_decimal(row.get("unRealizedProfit")),
        leverage=to_decimal(row.get("leverage")),
    )
