"""What the market-data service is made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from aviary_common.database.outbox import Outbox
from aviary_common.runtime import Runtime
from aviary_common.service import Service
from aviary_common.settings import load
from aviary_exchange.settings import ExchangeSettings
from aviary_market_data.candles import api as candles_api
from aviary_market_data.candles.service import Candles
from aviary_market_data.connectors import api as connectors_api
from aviary_market_data.metadata import outbox
from aviary_market_data.order_books import api as order_books_api
from aviary_market_data.order_books.service import OrderBooks
from aviary_market_data.prices import api as prices_api
from aviary_market_data.prices.service import Prices
from aviary_market_data.settings import MarketDataSettings
from aviary_market_data.to_come import TO_COME
from aviary_market_data.venues import Venues
from aviary_messages.questions import GetPrices

MIGRATIONS = Path(__file__).parent / "migrations"


def create() -> FastAPI:
    service = Service(MarketDataSettings, title="Aviary market data", migrations=MIGRATIONS)
    exchange = load(ExchangeSettings)

    @asynccontextmanager
    async def run(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
        events = Outbox(outbox, runtime.database, runtime.bus)
        venues = Venues(exchange)
        prices = Prices(venues, service.settings.price_max_age_s)
        app.state.venues = venues
        app.state.prices = prices
        app.state.order_books = OrderBooks(venues, service.settings.book_max_age_s)
        app.state.candles = Candles(venues)
        runtime.tasks.supervise("outbox", events.publish_forever)
        await runtime.bus.answer(GetPrices, prices.answer)
        try:
            yield
        finally:
            await venues.close()

    routers = [connectors_api.router, prices_api.router, order_books_api.router, candles_api.router, *TO_COME]
    return service.app(run, routers)
