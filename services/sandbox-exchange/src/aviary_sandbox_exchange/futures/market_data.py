"""What only perpetuals have: mark prices, funding, open interest."""

from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.futures.funding import FUNDING_MS, FUNDING_RATE, funding_view
from aviary_sandbox_exchange.http.endpoints import Call, Endpoint, Routes
from aviary_sandbox_exchange.market_data import chosen_markets
from aviary_sandbox_exchange.units import SCALE, fixed

Json = dict[str, object]


def premium_index(call: Call) -> object:
    now_ms = call.venue.clock.now_ms()
    views = [funding_view(market, _index(call, market), now_ms) for market in chosen_markets(call)]
    return views[0] if "symbol" in call.params else views


def funding_rates(call: Call) -> list[Json]:
    """Every eight hours since the venue's history begins; oldest first."""
    params, now_ms = call.params, call.venue.clock.now_ms()
    limit = params.limit(100, 1_000)
    start_ms, end_ms = params.find_integer("startTime"), min(params.find_integer("endTime") or now_ms, now_ms)
    rates: list[Json] = []
    for market in chosen_markets(call):
        last = end_ms // FUNDING_MS
        first = max(-(-(start_ms or 0) // FUNDING_MS), -(-market.candles.first_ms // FUNDING_MS))
        times = [n * FUNDING_MS for n in range(first, last + 1)]
        for time_ms in times[:limit] if start_ms is not None else times[-limit:]:
            price = round(call.venue.prices.at(market.pair, time_ms) * SCALE)
            rates.append(
                {
                    "symbol": market.pair.symbol,
                    "fundingTime": time_ms,
                    "fundingRate": FUNDING_RATE,
                    "markPrice": fixed(price),
                }
            )
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
    wallets = call.venue.wallets.accounts.values()
    held = [wallet.positions[pair.symbol].quantity for wallet in wallets if pair.symbol in wallet.positions]
    return {
        "symbol": pair.symbol,
        "openInterest": fixed(sum(quantity for quantity in held if quantity > 0), pair.quantity_decimals),
        "time": call.venue.clock.now_ms(),
    }


def _index(call: Call, market: Market) -> int:
    return call.venue.spot.markets[market.pair.symbol].tape.last_price


ROUTES: Routes = {
    ("GET", "/fapi/v1/premiumIndex"): Endpoint(premium_index, "futures"),
    ("GET", "/fapi/v1/fundingRate"): Endpoint(funding_rates, "futures"),
    ("GET", "/fapi/v1/fundingInfo"): Endpoint(funding_info, "futures"),
    ("GET", "/fapi/v1/openInterest"): Endpoint(open_interest, "futures"),
}
