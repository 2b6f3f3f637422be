"""What the market-data service is made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from aviary_common import disk
from aviary_common.database.outbox import Outbox
from aviary_common.runtime import Runtime, replica_name
from aviary_common.service import Service
from aviary_common.settings import load
from aviary_common.timestamps import utc_now
from aviary_exchange.settings import ExchangeSettings
from aviary_market_data.board import Board
from aviary_market_data.candle_store import api as candle_store_api
from aviary_market_data.candle_store.downloads import api as downloads_api
from aviary_market_data.candle_store.downloads.service import Downloads
from aviary_market_data.candle_store.downloads.worker import DownloadWorker
from aviary_market_data.candle_store.files import Files
from aviary_market_data.candle_store.service import CandleStore
from aviary_market_data.candle_store.transfer import Transfer
from aviary_market_data.candles import api as candles_api
from aviary_market_data.candles.historical import HistoricalCandles
from aviary_market_data.candles.live import LiveCandles
from aviary_market_data.candles.service import Candles
from aviary_market_data.connectors import api as connectors_api
from aviary_market_data.feeds import api as feeds_api
from aviary_market_data.feeds.control import FeedControl
from aviary_market_data.feeds.service import Feeds
from aviary_market_data.funding import api as funding_api
from aviary_market_data.funding.service import Funding
from aviary_market_data.in_use import ConnectorsInUse
from aviary_market_data.metadata import outbox
from aviary_market_data.order_books import api as order_books_api
from aviary_market_data.order_books.questions import BookQuestions
from aviary_market_data.order_books.service import OrderBooks
from aviary_market_data.prices import api as prices_api
from aviary_market_data.prices.service import Prices
from aviary_market_data.rates import api as rates_api
from aviary_market_data.rates.config import RateConfig
from aviary_market_data.rates.service import RateOracle
from aviary_market_data.rates.sources import sources
from aviary_market_data.rights import RIGHTS
from aviary_market_data.settings import MarketDataSettings
from aviary_market_data.streaming import api as streaming_api
from aviary_market_data.streaming.source import StreamSource
from aviary_market_data.tickers import api as tickers_api
from aviary_market_data.tickers.service import Tickers
from aviary_market_data.venues import Venues
from aviary_messages.questions import GetPrices, GetRates

MIGRATIONS = Path(__file__).parent / "migrations"


def create() -> FastAPI:
    service = Service(MarketDataSettings, title="Aviary market data", migrations=MIGRATIONS)
    exchange = load(ExchangeSettings)

    @asynccontextmanager
    async def run(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
        settings = service.settings
        venues = Venues(exchange)
        board = Board(runtime.cache)
        in_use = ConnectorsInUse(runtime.cache)
        prices = Prices(venues, settings.price_max_age_s, board=board, in_use=in_use)
        tickers = Tickers(venues, board, in_use)
        config = RateConfig(runtime.database, sources(exchange), settings.rates_from(exchange))
        app.state.venues = venues
        app.state.prices = prices
        app.state.tickers = tickers
        app.state.funding = Funding(venues, in_use)
        app.state.rates = RateOracle(tickers, config, settings.rate_max_age_s)
        files = Files(settings.candles_dir)
        files.prepare()
        disk.register(runtime.figures, "candles", settings.candles_dir)
        candle_store = CandleStore(files, runtime.database, runtime.leases, settings, utc_now)
        app.state.candle_store = candle_store
        app.state.candle_transfer = Transfer(venues, candle_store, files, settings.candle_import_bytes)
        app.state.historical_candles = HistoricalCandles(venues, candle_store, utc_now)
        downloading = DownloadWorker(venues, candle_store, runtime, settings)
        app.state.downloads = Downloads(venues, candle_store, runtime.database, downloading.claims.wake)
        feeds = Feeds(replica_name(settings), runtime, venues, settings, candle_store.append)
        app.state.feed_control = FeedControl(feeds, venues)
        app.state.stream_source = StreamSource(feeds, venues)
        app.state.order_books = books = OrderBooks(venues, feeds, settings.book_max_age_s)
        app.state.book_questions = BookQuestions(books)
        app.state.candles = Candles(venues, LiveCandles(feeds))
        runtime.tasks.supervise("closed-candles", candle_store.keep_forever)
        runtime.tasks.supervise("candle-downloads", downloading.claims.work_forever)
        events = Outbox(outbox, runtime.database, runtime.bus)
        service.audit.through(events)
        runtime.tasks.supervise("outbox", events.publish_forever)
        await runtime.bus.answer(GetPrices, prices.answer)
        await runtime.bus.answer(GetRates, app.state.rates.answer)
        try:
            yield
        finally:
            await board.close()
            await venues.close()

    routers = [
        prices_api.router,  # routes are tried in this order: what is asked most often comes first
        order_books_api.router,
        candles_api.router,
        connectors_api.router,
        tickers_api.router,
        funding_api.router,
        rates_api.router,
        rates_api.market_data_router,
        candle_store_api.router,
        candle_store_api.internal,
        downloads_api.router,
        feeds_api.router,
        streaming_api.router,
    ]
    return service.app(run, routers, rights=RIGHTS)
