"""Funding: what will be paid, and everything that has been, however a venue pages.

A venue's answer that is full may lack anything, so its span is halved until no answer is full; that is right whichever
end a venue answers from, as long as it keeps to both bounds.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from aviary_common.rates.budget import Priority
from aviary_exchange.ccxt_adapter import binance
from aviary_exchange.ccxt_adapter.markets import MarketTable
from aviary_exchange.ccxt_adapter.raw import Raw, instant, milliseconds, number, required, text, to_decimal
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.ccxt_adapter.symbols import Listing
from aviary_exchange.errors import Unsupported, VenueUnavailable
from aviary_exchange.types import FundingInfo, FundingPayment

DAY_MS = 86_400_000
SHORTEST_SPAN_MS = 60_000


def _until(end_ms: int) -> Mapping[str, object]:
    return {"until": end_ms}


@dataclass(frozen=True, slots=True)
class Paging:
    """How a venue is asked for a span of time; ``sign`` is -1 where it counts what is paid as positive."""

    days: int
    size: int = 100
    per_pair: bool = False
    sign: int = 1
    bounds: Callable[[int, int], Mapping[str, object]] = lambda _start_ms, end_ms: _until(end_ms)


def _okx_bounds(start_ms: int, end_ms: int) -> Mapping[str, object]:
    """Exclusive on both sides."""
    return {"begin": str(start_ms - 1), "end": str(end_ms + 1)}


_OKX = Paging(days=30, bounds=_okx_bounds)

PAGINGS: Mapping[str, Paging] = {
    "binanceusdm": Paging(days=30, size=1000),
    "bingx": Paging(days=7),
    "bitget": Paging(days=30, per_pair=True),
    "bybit": Paging(days=7, sign=-1),
    "gate": Paging(days=30, bounds=lambda _start_ms, end_ms: {"to": end_ms // 1000}),
    "htx": Paging(days=2, per_pair=True),
    "hyperliquid": Paging(days=30, size=500),
    "kucoinfutures": Paging(days=7, per_pair=True, bounds=lambda _start_ms, end_ms: {"endAt": end_ms}),
    "myokx": _OKX,
    "okx": _OKX,
    "okxus": _OKX,
}
UNBOUNDED = Paging(days=10_000, bounds=lambda _start_ms, _end_ms: {})
"""For a venue that is not named: one call, and an error when it may not have told all."""


async def funding_payments(session: Session, since: datetime, trading_pair: str | None) -> Sequence[FundingPayment]:
    """Oldest first."""
    paging = PAGINGS.get(session.exchange.id, UNBOUNDED)
    if not session.connector.is_perpetual:
        return []
    if not session.exchange.has.get("fetchFundingHistory"):
        raise Unsupported(f"{session.connector.name} does not tell what funding has been paid.")
    if paging.per_pair and trading_pair is None:
        raise Unsupported(f"{session.connector.name} tells funding payments of one pair at a time: name it.")
    pairs = (await session.table()).pairs
    listing = None if trading_pair is None else pairs.listing(trading_pair)
    found: dict[str, FundingPayment] = {}
    now_ms, start_ms = round(time.time() * 1000), milliseconds(since)
    while start_ms <= now_ms:
        end_ms = min(start_ms + paging.days * DAY_MS - 1, now_ms)
        for row in await _span(session, listing, paging, start_ms, end_ms):
            of = listing or pairs.of_symbol(row.get("symbol"))
            if of is not None:
                payment = _payment(row, of, session, paging.sign)
                found[payment.payment_id] = payment
        start_ms = end_ms + 1
    payments = sorted((paid for paid in found.values() if paid.at >= since), key=lambda paid: paid.at)
    return await _with_rates(session, payments) if session.binance_like else payments


async def funding_info(session: Session, trading_pair: str) -> FundingInfo:
    _require_perpetual(session)

    async def read(table: MarketTable) -> FundingInfo:
        listing = table.pairs.listing(trading_pair)
        if session.binance_like:
            return await binance.funding_info(session.exchange, listing)
        row = await session.exchange.fetch_funding_rate(listing.symbol)
        mark = to_decimal(row.get("markPrice")) or required(await _mark(session.exchange, listing.symbol))
        return _info(row, listing, mark)

    return await session.ask(read, Priority.MARKET_DATA)


async def funding_infos(session: Session, trading_pairs: Sequence[str]) -> Mapping[str, FundingInfo]:
    """In one call where the venue tells rate and mark price of several pairs together; what it leaves out is asked
    for pair by pair."""
    _require_perpetual(session)

    async def read(table: MarketTable) -> Sequence[FundingInfo]:
        listings = [table.pairs.listing(pair) for pair in trading_pairs]
        if session.binance_like:
            return await binance.funding_infos(session.exchange, listings)
        if not session.exchange.has.get("fetchFundingRates"):
            return []
        rows = await session.exchange.fetch_funding_rates([listing.symbol for listing in listings])
        told = ((rows.get(listing.symbol) or {}, listing) for listing in listings)
        return [
            _info(row, listing, mark)
            for row, listing in told
            if (mark := to_decimal(row.get("markPrice"))) and to_decimal(row.get("fundingRate")) is not None
        ]

    several = len(trading_pairs) > 1
    found = {info.trading_pair: info for info in (await session.ask(read, Priority.MARKET_DATA) if several else ())}
    left = [pair for pair in trading_pairs if pair not in found]
    return found | dict(zip(left, await asyncio.gather(*(funding_info(session, pair) for pair in left)), strict=True))


def _require_perpetual(session: Session) -> None:
    if not session.connector.is_perpetual:
        raise Unsupported(f"{session.connector.name} is a spot connector: there is no funding.")


def _info(row: Raw, listing: Listing, mark: Decimal) -> FundingInfo:
    next_ms = row.get("fundingTimestamp") or row.get("nextFundingTimestamp")
    return FundingInfo(
        trading_pair=listing.trading_pair,
        mark_price=mark,
        index_price=to_decimal(row.get("indexPrice")),
        rate=number(row, "fundingRate"),
        next_funding_at=None if next_ms is None else instant(next_ms),
    )


async def _mark(exchange: Any, symbol: str) -> object:
    """Where the funding rate comes without one; the last price, where a venue tells no mark price at all."""
    if exchange.has.get("fetchMarkPrice"):
        return (await exchange.fetch_mark_price(symbol)).get("markPrice")
    ticker = await exchange.fetch_ticker(symbol)
    return ticker.get("markPrice") or ticker.get("last")


async def _span(session: Session, listing: Listing | None, paging: Paging, start_ms: int, end_ms: int) -> Sequence[Raw]:
    ask = partial(_page, session.exchange, listing, paging, start_ms, end_ms)
    page = await session.ask(ask, Priority.POLLING)
    if len(page) < paging.size:
        return page
    if end_ms - start_ms <= SHORTEST_SPAN_MS or paging is UNBOUNDED:
        raise VenueUnavailable(f"{session.connector.name} does not tell all funding payments since then.")
    middle_ms = (start_ms + end_ms) // 2
    earlier = await _span(session, listing, paging, start_ms, middle_ms)
    return [*earlier, *await _span(session, listing, paging, middle_ms + 1, end_ms)]


async def _page(
    exchange: Any, listing: Listing | None, paging: Paging, start_ms: int, end_ms: int, _: MarketTable
) -> Sequence[Raw]:
    symbol = None if listing is None else listing.symbol
    rows: Sequence[Raw] = await exchange.fetch_funding_history(
        symbol, start_ms, paging.size, dict(paging.bounds(start_ms, end_ms))
    )
    return rows


def _payment(row: Raw, listing: Listing, session: Session, sign: int) -> FundingPayment:
    """Binance's ids are unique; of others one may be the account's (Backpack) or missing, so time goes with it."""
    venue_id = text(row, "id") or listing.symbol
    return FundingPayment(
        payment_id=venue_id if session.binance_like else f"{listing.venue_id}-{row['timestamp']}-{venue_id}",
        trading_pair=listing.trading_pair,
        amount=number(row, "amount") * sign,
        currency=text(row, "code") or listing.settle,
        rate=to_decimal(row.get("rate")),
        position_size=None,
        position_side=None,
        at=instant(row["timestamp"]),
    )


async def _with_rates(session: Session, payments: Sequence[FundingPayment]) -> Sequence[FundingPayment]:
    """Binance pays without saying at what rate; its public history says that, and from it follow side and size."""
    priced: dict[str, Sequence[binance.FundedAt]] = {}
    for paid in payments:
        if paid.trading_pair not in priced:
            ask = partial(binance.funded_since, session.exchange, paid.trading_pair, milliseconds(paid.at))
            priced[paid.trading_pair] = await session.ask(ask, Priority.POLLING)
    rules = (await session.table()).rules
    return [
        binance.with_rate(paid, priced[paid.trading_pair], rules[paid.trading_pair].amount_step) for paid in payments
    ]
