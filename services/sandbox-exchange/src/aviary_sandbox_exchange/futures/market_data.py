"""What only perpetuals have: mark prices, funding, open interest."""

from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.futures.funding import DEFAULT_RATE, FUNDING_MS, Funded, Rates, next_funding_ms
from aviary_sandbox_exchange.futures.marks import Marks
from aviary_sandbox_exchange.http.endpoints import Call, Endpoint, Routes
from aviary_sandbox_exchange.market_data import chosen_markets
from aviary_sandbox_exchange.units import SCALE, fixed

Json = dict[str, object]


def premium_index(call: Call) -> object:
    venue = call.venue
    views = [
        premium_view(market, venue.marks, venue.funding.rates, venue.clock.now_ms()) for market in chosen_markets(call)
    ]
    return views[0] if "symbol" in call.params else views


def premium_view(market: Market, marks: Marks, rates: Rates, now_ms: int) -> Json:
    mark = marks.of(market)
    return {
        "symbol": market.pair.symbol,
        "markPrice": fixed(mark),
        "indexPrice": fixed(marks.index_of(market)),
        "estimatedSettlePrice": fixed(mark),
        "lastFundingRate": fixed(rates.of(market.pair.symbol)),
        "interestRate": fixed(DEFAULT_RATE),
        "nextFundingTime": next_funding_ms(now_ms),
        "time": now_ms,
    }


def funding_rates(call: Call) -> list[Json]:
    """Oldest first; before the venue existed, every eight hours at the usual rate."""
    params, now_ms = call.params, call.venue.clock.now_ms()
    limit = params.limit(100, 1_000)
    start_ms, end_ms = params.find_integer("startTime"), min(params.find_integer("endTime") or now_ms, now_ms)
    rates: list[Json] = []
    for market in chosen_markets(call):
        funded = _funded(call, market, start_ms or 0, end_ms)
        rates += [
            {
                "symbol": entry.symbol,
                "fundingTime": entry.time_ms,
                "fundingRate": fixed(entry.rate),
                "markPrice": fixed(entry.mark),
            }
            for entry in (funded[:limit] if start_ms is not None else funded[-limit:])
        ]
    return sorted(rates, key=lambda rate: int(str(rate["fundingTime"])))[:limit]


def funding_info(call: Call) -> list[Json]:
    return [
        {
            "symbol": symbol,
            "adjustedFundingRateCap": "0.02000000",
            "adjustedFundingRateFloor": "-0.02000000",
            "fundingIntervalHours": 8,
            "disclaimer": False,
        }
        for symbol in call.desk.markets
    ]


def open_interest(call: Call) -> Json:
    """All long positions, the house's included."""
    pair = call.market().pair
    held = [
        position.quantity
        for wallet in call.venue.wallets.accounts.values()
        for (symbol, _), position in wallet.held().items()
        if symbol == pair.symbol
    ]
    return {
        "symbol": pair.symbol,
        "openInterest": fixed(sum(quantity for quantity in held if quantity > 0), pair.quantity_decimals),
        "time": call.venue.clock.now_ms(),
    }


def _funded(call: Call, market: Market, start_ms: int, end_ms: int) -> list[Funded]:
    symbol, venue = market.pair.symbol, call.venue
    real = venue.funding.fundings.of(symbol)
    first = max(-(-start_ms // FUNDING_MS), -(-market.candles.first_ms // FUNDING_MS))
    hours = [n * FUNDING_MS for n in range(first, min(end_ms, venue.opened_ms) // FUNDING_MS + 1)]
    told = [
        Funded(symbol, time_ms, DEFAULT_RATE, round(venue.prices.at(market.pair, time_ms) * SCALE))
        for time_ms in hours
        if time_ms not in real
    ]
    return sorted(
        [*told, *(entry for time_ms, entry in real.items() if start_ms <= time_ms <= end_ms)],
        key=lambda entry: entry.time_ms,
    )


ROUTES: Routes = {
    ("GET", "/fapi/v1/premiumIndex"): Endpoint(premium_index, "futures"),
    ("GET", "/fapi/v1/fundingRate"): Endpoint(funding_rates, "futures"),
    ("GET", "/fapi/v1/fundingInfo"): Endpoint(funding_info, "futures"),
    ("GET", "/fapi/v1/openInterest"): Endpoint(open_interest, "futures"),
}
