"""Mark price, index price, and a funding rate that is the same every eight hours."""

from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.futures.margin import mark_price
from aviary_sandbox_exchange.units import fixed

FUNDING_RATE = "0.00010000"
FUNDING_MS = 8 * 3_600_000


def next_funding_ms(now_ms: int) -> int:
    return (now_ms // FUNDING_MS + 1) * FUNDING_MS


def funding_view(market: Market, index_price: int, now_ms: int) -> dict[str, object]:
    """As GET /fapi/v1/premiumIndex answers."""
    mark = mark_price(market)
    return {
        "symbol": market.pair.symbol,
        "markPrice": fixed(mark),
        "indexPrice": fixed(index_price),
        "estimatedSettlePrice": fixed(mark),
        "lastFundingRate": FUNDING_RATE,
        "interestRate": FUNDING_RATE,
        "nextFundingTime": next_funding_ms(now_ms),
        "time": now_ms,
    }
