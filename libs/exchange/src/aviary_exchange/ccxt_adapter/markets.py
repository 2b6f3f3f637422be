"""One market table per connector and address, shared by everybody in the process.

Reading the answer of a large venue keeps an event loop busy for half a second and costs 50 MB, so it happens in a
thread, once, and every account gets the same objects.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from aviary_exchange.catalogue import Connector
from aviary_exchange.ccxt_adapter import rules
from aviary_exchange.ccxt_adapter.client import create_client
from aviary_exchange.ccxt_adapter.failures import CAUGHT
from aviary_exchange.ccxt_adapter.symbols import Pairs, listing
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import TradingRule

REFRESH_S = 3600.0
LOADING_TAKES_AT_MOST_S = 60.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class MarketTable:
    source: Any
    """The ccxt instance that loaded the markets; others take them from it."""
    pairs: Pairs
    rules: Mapping[str, TradingRule]
    loaded_at: float
    weight_limit: float | None
    """Request weight per minute, where the venue states it beside its markets (Binance's family)."""


class Markets:
    """Loads when first needed; whoever comes while a load runs waits for it, and may give up without ending it."""

    def __init__(self, connector: Connector, settings: ExchangeSettings) -> None:
        self._connector = connector
        self._settings = settings
        self._table: MarketTable | None = None
        self._loading: asyncio.Task[MarketTable] | None = None

    async def table(self) -> MarketTable:
        return self._table or await self._load()

    async def fresh_table(self) -> MarketTable:
        """Reloaded when older than an hour; while the venue does not answer, the old one serves on."""
        table = await self.table()
        if time.monotonic() - table.loaded_at < REFRESH_S:
            return table
        try:
            return await self._load()
        except CAUGHT as error:
            _log.warning("market table not refreshed", connector=self._connector.name, error=type(error).__name__)
            return table

    async def _load(self) -> MarketTable:
        if self._loading is None or self._loading.done():
            self._loading = asyncio.create_task(asyncio.to_thread(asyncio.run, self._read()))
            self._loading.add_done_callback(lambda task: task.cancelled() or task.exception())
        self._table = await asyncio.shield(self._loading)
        return self._table

    async def _read(self) -> MarketTable:
        exchange = create_client(self._connector, self._settings, {})
        exchange.enableRateLimit = False
        exchange.enableLastJsonResponse = True
        exchange.options["adjustForTimeDifference"] = False  # nothing is signed here, and the last answer is read
        try:
            async with asyncio.timeout(LOADING_TAKES_AT_MOST_S):
                markets: Mapping[str, Any] = await exchange.load_markets()
        finally:
            await close_client(exchange)
        table = self._index(exchange, markets)
        exchange.last_json_response = None
        return table

    def _index(self, exchange: Any, markets: Mapping[str, Any]) -> MarketTable:
        kind = ("swap", "linear") if self._connector.is_perpetual else ("spot", None)
        features = exchange.feature_value_by_type(*kind, "createOrder")
        offered = [market for market in markets.values() if rules.is_tradable(market, self._connector)]
        listed = [(market, listing(market, exchange.id)) for market in offered]
        return MarketTable(
            source=exchange,
            pairs=Pairs(self._connector.name, [entry for _, entry in listed]),
            rules={
                entry.trading_pair: rules.trading_rule(
                    market,
                    entry,
                    self._connector,
                    exchange.precisionMode,
                    features,
                )
                for market, entry in listed
            },
            loaded_at=time.monotonic(),
            weight_limit=_weight_limit(exchange.last_json_response),
        )


def _weight_limit(exchange_info: object) -> float | None:
    stated = exchange_info.get("rateLimits") if isinstance(exchange_info, dict) else None
    for limit in stated if isinstance(stated, list) else []:
        if limit.get("rateLimitType") == "REQUEST_WEIGHT" and limit.get("interval") == "MINUTE":
            return float(limit["limit"]) / float(limit["intervalNum"])
    return None


async def close_client(exchange: Any) -> None:
    """ccxt sleeps a quarter of a second after closing, for old aiohttp versions."""
    exchange.timeout_on_exit = 0
    await exchange.close()


_all_markets: dict[tuple[str, str], Markets] = {}


def markets_of(connector: Connector, settings: ExchangeSettings) -> Markets:
    identity = (connector.name, settings.model_dump_json())
    if identity not in _all_markets:
        _all_markets[identity] = Markets(connector, settings)
    return _all_markets[identity]
