"""Binance's user stream: ccxt signs in and keeps the connection; the messages are read by ``binance_events``."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from aviary_exchange.ccxt_adapter.binance_events import subscribed, unwrapped, user_events
from aviary_exchange.ccxt_adapter.client_ids import ClientIds
from aviary_exchange.ccxt_adapter.failures import CAUGHT
from aviary_exchange.ccxt_adapter.raw import Raw
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.errors import ExchangeError, VenueUnavailable
from aviary_exchange.types import Balance, BalancesChanged, UserEvent

BALANCES_AT_MOST_EVERY_S = 0.5
USER_EVENTS = frozenset({"executionReport", "outboundAccountPosition", "ORDER_TRADE_UPDATE", "ACCOUNT_UPDATE"})


class BinanceStream:
    def __init__(
        self,
        session: Session,
        ids: ClientIds,
        balances: Callable[[], Awaitable[Sequence[Balance]]],
        publish: Callable[[UserEvent], None],
        live: Callable[[], None],
    ) -> None:
        self._session = session
        self._ids = ids
        self._balances = balances
        self._publish = publish
        self._live = live
        self._wallet_changed = asyncio.Event()
        self._end = asyncio.Event()

    async def run(self) -> None:
        exchange = self._session.exchange
        self._pairs = (await self._session.table()).pairs
        self._end.clear()
        # A listen key may have died with the connection; asking again costs one call and tells the truth.
        exchange.options.pop("linear", None)
        exchange.on_message = self._on_message
        exchange.on_live = self._on_live if self._session.connector.is_perpetual else None
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._stay_connected())
            tasks.create_task(self._wait_for_end())
            tasks.create_task(self._refresh_wallet())

    async def _stay_connected(self) -> None:
        """``watch_orders`` holds the connection and raises when it is lost; its results are not used."""
        while True:
            await self._session.watch(self._session.exchange.watch_orders)

    async def _wait_for_end(self) -> None:
        await self._end.wait()
        raise VenueUnavailable(f"{self._session.connector.name} sends no more events: {self._end_reason}")

    def _end_with(self, reason: str) -> None:
        self._end_reason = reason
        self._end.set()

    async def _refresh_wallet(self) -> None:
        """Futures events name the wallet, not what of it is available: that takes a call."""
        while True:
            await self._wallet_changed.wait()
            self._wallet_changed.clear()
            with suppress(ExchangeError):  # the next change, or a poll, tells
                self._publish(BalancesChanged(await self._balances()))
            await asyncio.sleep(BALANCES_AT_MOST_EVERY_S)

    def _on_live(self, url: str) -> None:
        if "listenKey" in url or "/ws/" in url:
            self._live()

    def _on_message(self, message: Raw) -> bool:
        """An exception must not leave this function: ccxt would stop reading and never say so."""
        event = unwrapped(message)
        try:
            for user_event in user_events(event, self._pairs, self._ids):
                self._publish(user_event)
        except CAUGHT:
            self._end_with("An event could not be read.")
        if subscribed(message):
            self._live()
        match event.get("e"):
            case "ACCOUNT_UPDATE" | "ORDER_TRADE_UPDATE":
                self._wallet_changed.set()
            case "listenKeyExpired" | "eventStreamTerminated":
                self._end_with("The stream's key has expired.")
        return event.get("e") in USER_EVENTS
