"""exchangeInfo: what may be ordered, as filters."""

from aviary_sandbox_exchange.engine.filters import MAX_OPEN_ORDERS, MAX_SPOT_NOTIONAL
from aviary_sandbox_exchange.http.endpoints import Call, Endpoint, Routes
from aviary_sandbox_exchange.limits import Limit
from aviary_sandbox_exchange.market_data import chosen_markets
from aviary_sandbox_exchange.pairs import Pair
from aviary_sandbox_exchange.units import fixed

Json = dict[str, object]
INTERVALS = {"10S": ("SECOND", 10), "1M": ("MINUTE", 1), "1D": ("DAY", 1)}


def rate_limits(limit: Limit) -> list[Json]:
    weight: Json = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": limit.weight}
    return [weight, *order_limits(limit)]


def order_limits(limit: Limit) -> list[Json]:
    return [
        {"rateLimitType": "ORDERS", "interval": INTERVALS[name][0], "intervalNum": INTERVALS[name][1], "limit": allowed}
        for name, allowed in limit.orders.items()
    ]


def exchange_info(call: Call) -> Json:
    return {
        "timezone": "UTC",
        "serverTime": call.venue.clock.now_ms(),
        "rateLimits": rate_limits(call.venue.limits.limits["spot"]),
        "exchangeFilters": [],
        "symbols": [symbol_view(market.pair) for market in chosen_markets(call)],
    }


def symbol_view(pair: Pair) -> Json:
    return {
        "symbol": pair.symbol,
        "status": "TRADING",
        "baseAsset": pair.base,
        "baseAssetPrecision": 8,
        "quoteAsset": pair.quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET"],
        "icebergAllowed": False,
        "ocoAllowed": False,
        "otoAllowed": False,
        "opoAllowed": False,
        "quoteOrderQtyMarketAllowed": True,
        "allowTrailingStop": False,
        "cancelReplaceAllowed": False,
        "amendAllowed": False,
        "pegInstructionsAllowed": False,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": _filters(pair),
        "permissions": [],
        "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": "NONE",
        "allowedSelfTradePreventionModes": ["NONE"],
    }


def _filters(pair: Pair) -> list[Json]:
    return [
        {
            "filterType": "PRICE_FILTER",
            "minPrice": fixed(pair.tick),
            "maxPrice": fixed(pair.max_price),
            "tickSize": fixed(pair.tick),
        },
        {
            "filterType": "LOT_SIZE",
            "minQty": fixed(pair.step),
            "maxQty": fixed(pair.max_quantity),
            "stepSize": fixed(pair.step),
        },
        {
            "filterType": "MARKET_LOT_SIZE",
            "minQty": fixed(0),
            "maxQty": fixed(pair.max_market_quantity),
            "stepSize": fixed(0),
        },
        {
            "filterType": "PERCENT_PRICE_BY_SIDE",
            "bidMultiplierUp": "5",
            "bidMultiplierDown": "0.2",
            "askMultiplierUp": "5",
            "askMultiplierDown": "0.2",
            "avgPriceMins": 5,
        },
        {
            "filterType": "NOTIONAL",
            "minNotional": fixed(pair.min_notional),
            "applyMinToMarket": True,
            "maxNotional": fixed(MAX_SPOT_NOTIONAL),
            "applyMaxToMarket": False,
            "avgPriceMins": 5,
        },
        {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": MAX_OPEN_ORDERS},
    ]


ROUTES: Routes = {("GET", "/api/v3/exchangeInfo"): Endpoint(exchange_info, "spot", 20)}
