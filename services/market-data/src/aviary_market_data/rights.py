"""Who may do what with market data: it belongs to no account. What all readers share, feeds and stored candles, is for
traders to ask for and to end; prices that come from elsewhere than a venue, and settings, are the administrator's."""

from aviary_common.access import EVERY_ROUTE, Rights

RIGHTS = Rights(
    reading="""
        POST /market-data/prices
        POST /market-data/order-book
        POST /market-data/order-book/price-for-volume
        POST /market-data/order-book/volume-for-price
        POST /market-data/order-book/price-for-quote-volume
        POST /market-data/order-book/quote-volume-for-price
        POST /market-data/order-book/vwap-for-volume
        POST /market-data/candles
        POST /market-data/historical-candles
        POST /market-data/funding-info
        POST /market-data/rates
        POST /rate-oracle/rates
    """,
    trade="""
        POST /market-data/trading-pair/add
        POST /market-data/trading-pair/remove
        POST /market-data/order-book/restart/{connector_name}
        POST /market-data/downloads
        DELETE /market-data/downloads/{download_id}
    """,
    restricted=EVERY_ROUTE,
)
