"""The funding rates that have been settled: page after page from the start on, as venues tell them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from aviary_common.rates.budget import Priority
from aviary_exchange.ccxt_adapter.markets import MarketTable
from aviary_exchange.ccxt_adapter.raw import Raw, instant, milliseconds, required, to_decimal
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.errors import Unsupported
from aviary_exchange.types import FundingRate

PAGE: Final = 100
"""What every venue gives at once."""
PAGES: Final = 400


async def funding_rates(session: Session, trading_pair: str, start: datetime, end: datetime) -> Sequence[FundingRate]:
    """See ``port.Exchange.funding_rates``. A page without anything new ends it, whatever its size."""
    if not session.connector.is_perpetual:
        raise Unsupported(f"{session.connector.name} is a spot connector: there is no funding.")
    if not session.exchange.has.get("fetchFundingRateHistory"):
        raise Unsupported(f"{session.connector.name} does not tell the funding rates of the past.")
    since_ms, end_ms = milliseconds(start), milliseconds(end)
    found: dict[int, FundingRate] = {}
    for _page in range(PAGES):
        rows = await _page_of(session, trading_pair, since_ms)
        new = {int(row["timestamp"]): row for row in rows if since_ms <= int(row["timestamp"]) <= end_ms}
        found |= {at: FundingRate(instant(at), required(to_decimal(row.get("fundingRate")))) for at, row in new.items()}
        if not new or max(int(row["timestamp"]) for row in rows) > end_ms:
            break
        since_ms = max(new) + 1
    return [found[at] for at in sorted(found)]


async def _page_of(session: Session, trading_pair: str, since_ms: int) -> Sequence[Raw]:
    async def read(table: MarketTable) -> Any:
        symbol = table.pairs.listing(trading_pair).symbol
        return await session.exchange.fetch_funding_rate_history(symbol, since_ms, PAGE)

    rows: Sequence[Raw] = await session.ask(read, Priority.MARKET_DATA)
    return rows
