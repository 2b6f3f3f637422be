"""One ccxt instance with its deadline, its budget, its share of the market table and its reading of failures."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar

import structlog
from prometheus_client import Histogram

from aviary_common import tracing
from aviary_common.rates.budget import Priority, SharedWindow
from aviary_exchange.catalogue import Connector
from aviary_exchange.ccxt_adapter.client import BINANCE_FAMILY, create_budget, create_client
from aviary_exchange.ccxt_adapter.failures import CAUGHT, Failure, Kind, failure_of
from aviary_exchange.ccxt_adapter.hooks import Call, tracked
from aviary_exchange.ccxt_adapter.markets import MarketTable, close_client, markets_of
from aviary_exchange.ccxt_adapter.redaction import redact
from aviary_exchange.ccxt_import import errors
from aviary_exchange.errors import ExchangeError, VenueUnavailable
from aviary_exchange.settings import ExchangeSettings

T = TypeVar("T")

CALLS: Final = Histogram(
    "aviary_venue_call_duration_seconds",
    "Calls to venues, by what they are for and how they ended; waiting for the rate budget is part of it",
    ["connector", "purpose", "outcome"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_ccxt = errors()
_log = structlog.get_logger(__name__)


class Session:
    def __init__(
        self,
        connector: Connector,
        settings: ExchangeSettings,
        credentials: Mapping[str, str],
        window: SharedWindow | None = None,
    ) -> None:
        self.connector = connector
        self.exchange: Any = create_client(connector, settings, credentials)
        self.exchange.budget = create_budget(self.exchange, connector, settings, window)
        self.is_private = bool(credentials)
        self.binance_like = self.exchange.id in BINANCE_FAMILY
        self._markets = markets_of(connector, settings)
        self._known_table: MarketTable | None = None
        self._timeout_s = settings.timeout_s
        self._secrets = [credentials[entry.name] for entry in connector.fields if entry.name in credentials]
        self._clock_is_off = bool(credentials) and "timeDifference" in self.exchange.options

    async def attempt(self, work: Callable[[MarketTable], Awaitable[T]], priority: Priority) -> T | Failure:
        """Do ``work`` once within the deadline; what the venue, the network or the answer does comes back as a value.

        The market table is there and the instance knows it before ``work`` begins. Cancelling passes through.
        """
        started = time.perf_counter()
        purpose = priority.name.lower()
        with tracing.span(f"call {self.connector.name}", "client", {"aviary.purpose": purpose}):
            result = await self._attempt(work, Call(priority))
            outcome = result.kind.value if isinstance(result, Failure) else "answered"
            tracing.note({"aviary.outcome": outcome})
        CALLS.labels(self.connector.name, purpose, outcome).observe(time.perf_counter() - started)
        return result

    async def _attempt(self, work: Callable[[MarketTable], Awaitable[T]], call: Call) -> T | Failure:
        with tracked(call):
            try:
                async with asyncio.timeout(self._timeout_s):
                    result = await work(await self.table())
            except CAUGHT as error:
                return self._failure_of(error, call)
        if not call.readable:
            return Failure(Kind.UNAVAILABLE, f"{self.connector.name}'s answer could not be read.", sent=call.sent > 0)
        return result

    async def ask(self, work: Callable[[MarketTable], Awaitable[T]], priority: Priority) -> T:
        result = await self.attempt(work, priority)
        if isinstance(result, Failure):
            raise result.to_error()
        return result

    async def table(self, *, fresh: bool = False) -> MarketTable:
        table = await (self._markets.fresh_table() if fresh else self._markets.table())
        if table is not self._known_table:
            self.exchange.set_markets_from_exchange(table.source)
            if table.weight_limit and self.binance_like:
                self.exchange.budget.learn_limit(table.weight_limit, cost_per_weight=BINANCE_FAMILY[self.exchange.id])
            self._known_table = table
        if self._clock_is_off:
            await self.exchange.load_time_difference()
            self._clock_is_off = False
        return table

    def safe_text(self, error: BaseException) -> str:
        return redact(str(error) or type(error).__name__, self._secrets)

    async def watch(self, watch: Callable[[], Awaitable[Any]]) -> Any:
        """Await one of ccxt's ``watch_*``, which cancel their own futures when they close a socket."""
        try:
            return await watch()
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise VenueUnavailable(f"The connection to {self.connector.name} was closed.") from None

    def stream_error(self, error: Exception) -> Exception:
        """What to tell those whose stream ended with this; a mistake of our own stays what it is."""
        if isinstance(error, ExchangeError) or not isinstance(error, CAUGHT):
            return error
        if type(error) in (_ccxt.NetworkError, _ccxt.UnsubscribeError):
            return VenueUnavailable(f"The connection to {self.connector.name} was lost.")
        return self._failure_of(error, Call(Priority.MARKET_DATA)).to_error()

    async def close_streams(self) -> None:
        self.exchange.on_message = None
        self.exchange.on_live = None
        self.exchange.cancel_timers()
        await self.exchange.close_ws_clients()

    async def close(self) -> None:
        self.exchange.cancel_timers()
        await close_client(self.exchange)

    def _failure_of(self, error: Exception, call: Call) -> Failure:
        failure = failure_of(
            error, call, venue=self.connector.name, binance_like=self.binance_like, secrets=self._secrets
        )
        self._clock_is_off = self._clock_is_off or failure.clock_is_off
        if failure.kind is Kind.UNAVAILABLE:
            _log.info(
                "venue call failed",
                connector=self.connector.name,
                error=type(error).__name__,
                status=call.status,
                reason=failure.message,
            )
        return failure
