"""Candles over any range, page by page."""

import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from aviary_common.rates.budget import Priority
from aviary_exchange.ccxt_adapter import binance
from aviary_exchange.ccxt_adapter.intervals import moved
from aviary_exchange.ccxt_adapter.markets import MarketTable
from aviary_exchange.ccxt_adapter.raw import milliseconds, required
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.errors import Unsupported
from aviary_exchange.types import Candle

CANDLES_PER_CALL = 500
"""Asked of venues whose own limit is not known; fewer may come."""


def intervals(session: Session) -> Sequence[str]:
    return tuple(session.exchange.timeframes)


def check_interval(session: Session, interval: str) -> None:
    if interval not in intervals(session):
        known = ", ".join(intervals(session))
        raise Unsupported(f"{session.connector.name} has no candles of {interval!r}; it has {known}.")


async def candles(
    session: Session, trading_pair: str, interval: str, *, start: datetime | None, end: datetime | None, limit: int
) -> Sequence[Candle]:
    """At most ``limit``, from ``start`` on, or else the last ones before ``end``; the deadline holds per page."""
    check_interval(session, interval)
    last_ms = milliseconds(end) if end else round(time.time() * 1000)
    cursor_ms = milliseconds(start) if start else moved(last_ms, interval, -limit) + 1
    found: list[Candle] = []
    while len(found) < limit and cursor_ms <= last_ms:
        page = await session.ask(
            partial(_page, session, trading_pair, interval, cursor_ms, limit - len(found)), Priority.MARKET_DATA
        )
        new = [candle for candle in page if cursor_ms <= candle.open_time_s * 1000 <= last_ms]
        if not new:
            break
        found += new
        cursor_ms = moved(new[-1].open_time_s * 1000, interval, 1)
    return found[:limit]


async def _page(
    session: Session, trading_pair: str, interval: str, start_ms: int, limit: int, table: MarketTable
) -> Sequence[Candle]:
    listing = table.pairs.listing(trading_pair)
    if session.binance_like:
        return await binance.klines(session.exchange, listing, interval, start_ms, limit)
    rows = await session.exchange.fetch_ohlcv(listing.symbol, interval, start_ms, min(limit, CANDLES_PER_CALL))
    return [candle_of(row) for row in rows]


def candle_of(row: Sequence[Any]) -> Candle:
    opened, high, low, closed, volume = (required(value) for value in row[1:6])
    return Candle(int(row[0]) // 1000, opened, high, low, closed, volume)
