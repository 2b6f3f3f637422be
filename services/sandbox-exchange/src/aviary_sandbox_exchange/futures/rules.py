"""Futures exchangeInfo."""

from aviary_sandbox_exchange.engine.filters import MAX_OPEN_ORDERS
from aviary_sandbox_exchange.http.endpoints import Call, Endpoint, Routes
from aviary_sandbox_exchange.market_data import chosen_markets
from aviary_sandbox_exchange.pairs import Pair
from aviary_sandbox_exchange.spot.rules import rate_limits
from aviary_sandbox_exchange.units import fixed

Json = dict[str, object]
PERPETUAL_DELIVERY_MS = 4_133_404_800_000
LISTED_MS = 1_704_067_200_000


def exchange_info(call: Call) -> Json:
    return {
        "timezone": "UTC",
        "serverTime": call.venue.clock.now_ms(),
        "futuresType": "U_MARGINED",
        "rateLimits": rate_limits(call.venue.limits.limits["futures"]),
        "exchangeFilters": [],
        "assets": [{"asset": "USDT", "marginAvailable": True, "autoAssetExchange": "0"}],
        "symbols": [_symbol(market.pair) for market in chosen_markets(call)],
    }


def inverse_exchange_info(call: Call) -> Json:
    """COIN-M: nothing is listed."""
    return {
        "timezone": "UTC",
        "serverTime": call.venue.clock.now_ms(),
        "rateLimits": rate_limits(call.venue.limits.limits["futures"]),
        "exchangeFilters": [],
        "symbols": [],
    }


def _symbol(pair: Pair) -> Json:
    return {
        "symbol": pair.symbol,
        "pair": pair.symbol,
        "contractType": "PERPETUAL",
        "deliveryDate": PERPETUAL_DELIVERY_MS,
        "onboardDate": LISTED_MS,
        "status": "TRADING",
        "maintMarginPercent": "2.5000",
        "requiredMarginPercent": "5.0000",
        "baseAsset": pair.base,
        "quoteAsset": pair.quote,
        "marginAsset": pair.quote,
        "pricePrecision": pair.price_decimals,
        "quantityPrecision": pair.quantity_decimals,
        "baseAssetPrecision": 8,
        "quotePrecision": 8,
        "underlyingType": "COIN",
        "underlyingSubType": [],
        "triggerProtect": "0.0500",
        "liquidationFee": "0.000000",
        "marketTakeBound": "0.05",
        "maxMoveOrderLimit": 10_000,
        "filters": _filters(pair),
        "orderTypes": ["LIMIT", "MARKET"],
        "timeInForce": ["GTC", "IOC", "FOK", "GTX"],
    }


def _filters(pair: Pair) -> list[Json]:
    price = pair.price_decimals
    step = fixed(pair.step, pair.quantity_decimals)
    return [
        {
            "filterType": "PRICE_FILTER",
            "minPrice": fixed(pair.tick, price),
            "maxPrice": fixed(pair.max_price, price),
            "tickSize": fixed(pair.tick, price),
        },
        {"filterType": "LOT_SIZE", "minQty": step, "maxQty": fixed(pair.max_quantity, 0), "stepSize": step},
        {
            "filterType": "MARKET_LOT_SIZE",
            "minQty": step,
            "maxQty": fixed(pair.max_market_quantity, 0),
            "stepSize": step,
        },
        {"filterType": "MAX_NUM_ORDERS", "limit": MAX_OPEN_ORDERS},
        {"filterType": "MIN_NOTIONAL", "notional": fixed(pair.min_notional, 0)},
        {"filterType": "PERCENT_PRICE", "multiplierUp": "1.0500", "multiplierDown": "0.9500", "multiplierDecimal": "4"},
    ]


ROUTES: Routes = {
    ("GET", "/fapi/v1/exchangeInfo"): Endpoint(exchange_info, "futures"),
    ("GET", "/dapi/v1/exchangeInfo"): Endpoint(inverse_exchange_info, "futures"),
}
