"""All executions since a time, page by page."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from aviary_common.rates.budget import Priority
from aviary_exchange.ccxt_adapter.markets import MarketTable
from aviary_exchange.ccxt_adapter.raw import Raw, milliseconds
from aviary_exchange.ccxt_adapter.session import Session

DAY_MS = 86_400_000

WINDOW_DAYS: Mapping[str, int] = {
    "binanceusdm": 7,
    "bingx": 1,
    "bybit": 7,
    "htx": 2,
    "kucoin": 7,
    "kucoinfutures": 7,
    "mexc": 30,
    "okx": 90,
}
"""The longest span of one call. A venue that is not named is taken to answer from the start time on."""

PAGE_SIZES: Mapping[str, int] = {"binance": 1000, "binanceusdm": 1000}
PAGE_SIZE = 100


async def trades_since(session: Session, trading_pair: str, since: datetime) -> Sequence[Raw]:
    """Oldest first, each once. A full page is followed by another from its last instant on (inclusive)."""
    window_ms = WINDOW_DAYS.get(session.exchange.id, 0) * DAY_MS
    size = PAGE_SIZES.get(session.exchange.id, PAGE_SIZE)
    cursor_ms = milliseconds(since)
    found: dict[str, Raw] = {}
    while True:
        until_ms = cursor_ms + window_ms - 1 if window_ms else None
        page = await _ask(session, trading_pair, cursor_ms, size, {"until": until_ms} if until_ms else {})
        known = len(found)
        found.update({str(trade["id"]): trade for trade in page})
        if len(page) >= size:
            cursor_ms = int(page[-1]["timestamp"]) + (1 if len(found) == known else 0)
        elif until_ms is not None and until_ms < time.time() * 1000:
            cursor_ms = until_ms + 1
        else:
            return sorted(found.values(), key=lambda trade: (int(trade["timestamp"]), _numeric(trade["id"])))


async def trades_of_order(session: Session, trading_pair: str, exchange_order_id: str) -> Sequence[Raw]:
    """Binance's family only: its trade list can be asked for one order."""
    return await _ask(session, trading_pair, None, PAGE_SIZES[session.exchange.id], {"orderId": exchange_order_id})


async def _ask(
    session: Session, trading_pair: str, since_ms: int | None, size: int, params: Mapping[str, object]
) -> Sequence[Raw]:
    return await session.ask(partial(_page, session.exchange, trading_pair, since_ms, size, params), Priority.POLLING)


async def _page(
    exchange: Any,
    trading_pair: str,
    since_ms: int | None,
    size: int,
    params: Mapping[str, object],
    table: MarketTable,
) -> Sequence[Raw]:
    symbol = table.pairs.listing(trading_pair).symbol
    page: Sequence[Raw] = await exchange.fetch_my_trades(symbol, since_ms, size, dict(params))
    return page


def _numeric(trade_id: object) -> tuple[int, str]:
    digits = str(trade_id)
    return (int(digits) if digits.isdecimal() else 0, digits)
