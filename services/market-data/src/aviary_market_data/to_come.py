"""What this service will answer and does not yet, as the API reference lists it."""

from typing import Final

from aviary_common.http.not_yet import not_yet_router

FEEDS: Final = not_yet_router(
    "Market data",
    "Feeds and order-book analytics",
    """
POST /market-data/funding-info
POST /market-data/order-book/price-for-volume
POST /market-data/order-book/volume-for-price
POST /market-data/order-book/vwap-for-volume
GET /market-data/active-feeds
GET /market-data/settings
GET /market-data/available-candle-connectors
POST /market-data/order-book/price-for-quote-volume
POST /market-data/order-book/quote-volume-for-price
POST /market-data/trading-pair/add
POST /market-data/trading-pair/remove
GET /market-data/order-book/diagnostics/{connector_name}
POST /market-data/order-book/restart/{connector_name}
GET /market-data/tickers
POST /market-data/rates
""",
)

RATES: Final = not_yet_router(
    "Rate oracle",
    "Rates",
    """
GET /rate-oracle/sources
GET /rate-oracle/config
PUT /rate-oracle/config
POST /rate-oracle/rates
GET /rate-oracle/rate/{trading_pair}
GET /rate-oracle/rate-async/{trading_pair}
GET /rate-oracle/prices
""",
)

TO_COME: Final = (
    FEEDS,
    RATES,
)
