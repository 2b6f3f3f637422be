"""What is changed about every ccxt exchange: a subclass of the class in use, made once.

ccxt runs a whole call in the caller's task, so a context variable can carry what belongs to one call: its priority on
the way in; whether anything was sent, the HTTP status and the answer on the way out. ccxt itself keeps only "the last
response", which parallel calls overwrite.
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, partial
from typing import Any

import aiohttp

from aviary_common.rates.budget import Priority, RateBudget
from aviary_exchange.ccxt_adapter.exact_books import counted_book, indexed_book, plain_book
from aviary_exchange.ccxt_adapter.raw import Digits, Raw, to_decimal
from aviary_exchange.ccxt_import import errors, exchange_class

_ccxt = errors()

REFERRAL_HEADERS = frozenset(
    {
        "referer",
        "source",
        "x-broker-id",
        "x-channel-api-code",
        "x-fb-client",
        "x-fb-client-version",
        "x-gate-channel-id",
        "x-source-key",
    }
)
"""By these ccxt tells a venue that it brought the customer; none of them is signed."""


@dataclass(slots=True)
class Call:
    """One call to a venue, as it goes."""

    priority: Priority
    sent: int = 0
    """How many requests that could change the account have left the process, or may have."""
    status: int | None = None
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    readable: bool = True
    """The last answer was JSON; ccxt passes over one that was cut short."""
    connects: bool = True
    """Whether a WebSocket may be opened: to unsubscribe where the connection is gone, none is needed."""


CURRENT: ContextVar[Call | None] = ContextVar("aviary_exchange_call", default=None)


@contextmanager
def tracked(call: Call) -> Iterator[None]:
    token = CURRENT.set(call)
    try:
        yield
    finally:
        CURRENT.reset(token)


@cache
def hooked_class(ccxt_id: str) -> type[Any]:
    original = exchange_class(ccxt_id)
    return type(original.__name__, (_Hooks, original), {})


def without_referrals(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in REFERRAL_HEADERS}


def never_connected(error: BaseException | None) -> bool:
    """No connection was made, so not one byte of this request went out."""
    while error is not None:
        if isinstance(error, aiohttp.ClientConnectorError):
            return True
        error = error.__cause__
    return False


def _exact_json(body: str) -> Any:
    """JSON numbers with a fraction stay the venue's own digits; ccxt's parsers take strings wherever numbers stand."""
    return json.loads(body, parse_float=str)


def _quiet(make: Callable[..., asyncio.Future[Any]], *args: Any) -> asyncio.Future[Any]:
    future = make(*args)
    future.remove_done_callback(_take_note)
    future.add_done_callback(_take_note)
    return future


def _take_note(future: asyncio.Future[Any]) -> None:
    if not future.cancelled():
        future.exception()


def _with_digits(text: object, found: Any) -> Any:
    if type(found) is not float or not isinstance(text, str):
        return found
    digits = Digits(found)
    digits.text = text
    return digits


def _end(client: Any, reason: object) -> None:
    """Close the connection; whoever waits for something from it is told why."""
    client.on_error(reason if isinstance(reason, Exception) else _ccxt.NetworkError("The venue ended the connection."))


class _Hooks:
    budget: RateBudget | None = None
    on_message: Callable[[Raw], bool] | None = None
    """Sees each WebSocket message first; true keeps it from ccxt."""
    on_live: Callable[[str], None] | None = None
    """Told the address of each WebSocket that has just connected."""

    timers: tuple[asyncio.TimerHandle, ...] = ()

    on_json_response = staticmethod(_exact_json)

    async def throttle(self, cost: float | None = None) -> None:
        call = CURRENT.get()
        if self.budget is not None:
            await self.budget.spend(float(cost or 1), call.priority if call else Priority.MARKET_DATA)

    async def fetch(self, url: str, method: str = "GET", headers: Any = None, body: Any = None) -> Any:
        call = CURRENT.get()
        if call is not None:
            call.sent += method != "GET"
            call.status, call.body, call.headers, call.readable = None, "", {}, True
        try:
            return await super().fetch(url, method, without_referrals(headers or {}), body)  # type: ignore[misc]
        except _ccxt.ExchangeNotAvailable as error:
            # aiohttp itself repeats all but a POST on a lost connection, and then tells of the repetition only.
            if call is not None and method == "POST" and never_connected(error):
                call.sent -= 1
            raise
        finally:
            if self.budget is not None:
                await self.budget.tell_the_others()

    def on_rest_response(self, code: int, *details: Any) -> Any:
        _reason, _url, _method, headers, body, *_request = details
        if self.budget is not None:
            self.budget.observe(code, headers)
        call = CURRENT.get()
        if call is not None:
            call.status, call.body, call.headers = code, body, headers
        return super().on_rest_response(code, *details)  # type: ignore[misc]

    def parse_json(self, http_response: str) -> Any:
        parsed = super().parse_json(http_response)  # type: ignore[misc]
        call = CURRENT.get()
        if call is not None:
            call.readable = parsed is not None
        return parsed

    def parse_order_book_bid_ask(
        self, bidask: Any, price_key: Any = 0, amount_key: Any = 1, *_count_key: Any
    ) -> list[Decimal | None]:
        """ccxt's own makes floats of the levels."""
        return [to_decimal(bidask[price_key]), to_decimal(bidask[amount_key])]

    def safe_float(self, raw: Any, key: Any, default: Any = None) -> Any:
        """Streamed levels go through this."""
        found = super().safe_float(raw, key, default)  # type: ignore[misc]
        return found if found is default else _with_digits(raw[key], found)

    def safe_float_2(self, raw: Any, key: Any, other_key: Any, default: Any = None) -> Any:
        found = self.safe_float(raw, key)
        return self.safe_float(raw, other_key, default) if found is None else found

    def order_book(self, snapshot: Any = None, depth: int | None = None) -> Any:
        return plain_book(snapshot or {}, depth)

    def counted_order_book(self, snapshot: Any = None, depth: int | None = None) -> Any:
        return counted_book(snapshot or {}, depth)

    def indexed_order_book(self, snapshot: Any = None, depth: int | None = None) -> Any:
        return indexed_book(snapshot or {}, depth)

    def client(self, url: str) -> Any:
        """ccxt rejects futures that nobody awaits any more; asyncio would report each of them as an error.

        A ``reset`` leaves a connection that is not pinged any more: it is closed instead.
        """
        is_new = url not in (self.clients or {})  # type: ignore[attr-defined]
        call = CURRENT.get()
        if is_new and call is not None and not call.connects:
            raise _ccxt.NetworkError("There is no connection.")
        client = super().client(url)  # type: ignore[misc]
        if is_new:
            client.future = partial(_quiet, client.future)
            client.reset = partial(_end, client)
        return client

    def spawn(self, method: Any, *args: Any) -> Any:
        """The same for the calls that ccxt starts by itself beside a stream."""
        return _quiet(super().spawn, method, *args)  # type: ignore[misc]

    def handle_message(self, client: Any, message: Any) -> None:
        """Whatever comes is a sign of life. One that ccxt cannot read would end its reading, and nobody would know."""
        client.lastPong = self.milliseconds()  # type: ignore[attr-defined]
        if self.on_message is not None and isinstance(message, dict) and self.on_message(message):
            return
        try:
            super().handle_message(client, message)  # type: ignore[misc]
        except Exception as error:  # noqa: BLE001  the boundary of a message
            _end(client, _ccxt.BadResponse(f"A message could not be read: {type(error).__name__}."))

    def delay(self, timeout: float, method: Any, *args: Any) -> Any:
        """ccxt forgets the timers by which it renews keys; after closing, one would open a new session."""
        timer: asyncio.TimerHandle = super().delay(timeout, method, *args)  # type: ignore[misc]
        now = asyncio.get_running_loop().time()
        self.timers = (*(pending for pending in self.timers if pending.when() > now), timer)
        return timer

    def cancel_timers(self) -> None:
        for timer in self.timers:
            timer.cancel()
        self.timers = ()

    def on_connected(self, client: Any, message: Any = None) -> None:
        super().on_connected(client, message)  # type: ignore[misc]
        if self.on_live is not None:
            self.on_live(str(client.url))
