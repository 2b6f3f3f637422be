"""The stream of any venue but Binance's, against a stand-in for what ccxt does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from decimal import Decimal
from typing import Any, cast

import pytest

from aviary_exchange.ccxt_adapter import unified_stream, user_stream
from aviary_exchange.ccxt_adapter.client_ids import ClientIds
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.ccxt_adapter.symbols import Listing, Pairs
from aviary_exchange.ccxt_import import errors
from aviary_exchange.errors import Unsupported
from aviary_exchange.types import Balance, BalancesChanged, Fill, OrderReport, PositionsChanged, StreamGap, UserEvent

ORDER = {"id": "1", "symbol": "BTC/USDT", "status": "open", "filled": "0", "clientOrderId": "aviary-1"}
TRADE = {
    "id": "9", "symbol": "BTC/USDT", "order": "1", "side": "buy", "amount": "0.1", "price": "5", "timestamp": 1,
    "fee": {"cost": "0.01", "currency": "USDT"},
}  # fmt: skip


class Venue:
    """Connects on the first watch of a connection, tells each thing once, and can lose the connection."""

    def __init__(self) -> None:
        self.has = {"watchOrders": True, "watchMyTrades": True, "watchBalance": True, "watchPositions": True}
        self.on_live: Any = None
        self.connections = 0
        self._lost = asyncio.Event()
        self._told: set[str] = set()
        self._waiting = 0

    async def watch_orders(self) -> Any:
        if "connected" not in self._told:
            self._told.add("connected")
            self.connections += 1
            self.on_live("wss://venue")
        return await self._once("orders", [ORDER])

    async def watch_my_trades(self) -> Any:
        return await self._once("trades", [TRADE])

    async def watch_balance(self) -> Any:
        return await self._once("balance", {"total": {"USDT": "5", "BTC": "0"}, "free": {"USDT": "4", "BTC": "0"}})

    async def watch_positions(self) -> Any:
        return await self._once("positions", [{"symbol": "BTC/USDT"}, {"symbol": "UN/KNOWN"}])

    async def _once(self, name: str, told: Any) -> Any:
        if name not in self._told:
            self._told.add(name)
            return told
        lost = self._lost
        self._waiting += 1
        await lost.wait()
        raise errors().NetworkError("Connection to wss://venue/listenKey=hidden lost")

    async def lose_connection(self) -> None:
        while self._waiting < 4:
            await asyncio.sleep(0)
        self._waiting = 0
        self._told.clear()
        self._lost.set()
        self._lost = asyncio.Event()


class StandInSession:
    binance_like = False
    watch = Session.watch

    def __init__(self, venue: Venue) -> None:
        self.exchange = venue
        self.connector = type("Named", (), {"name": "venue", "is_perpetual": True})
        listing = Listing("BTC-USDT", "BTC/USDT", "BTCUSDT", "BTC", "USDT", "USDT", Decimal(1))
        self._table = type("Table", (), {"pairs": Pairs("venue", [listing])})

    async def table(self) -> object:
        return self._table

    async def close_streams(self) -> None: ...

    def safe_text(self, error: BaseException) -> str:
        return type(error).__name__


@pytest.fixture
def venue(monkeypatch: pytest.MonkeyPatch) -> Venue:
    monkeypatch.setattr(unified_stream, "SETTLES_IN_S", 0)
    monkeypatch.setattr(user_stream, "FIRST_PAUSE_S", 0)
    return Venue()


def events_of(venue: Venue) -> AsyncIterator[UserEvent]:
    async def no_balances() -> list[Balance]:
        return []

    return user_stream.user_events(cast("Session", StandInSession(venue)), ClientIds("okx"), no_balances)


async def test_everything_arrives_and_a_lost_connection_is_a_gap(venue: Venue) -> None:
    async with asyncio.timeout(5), aclosing(cast("Any", events_of(venue))) as events:
        for connection in (1, 2, 3):
            seen = [await anext(events) for _ in range(5)]
            assert {type(event) for event in seen} == {StreamGap, OrderReport, Fill, BalancesChanged, PositionsChanged}
            assert PositionsChanged(["BTC-USDT"]) in seen
            assert BalancesChanged([Balance("USDT", Decimal(5), Decimal(4))]) in seen
            assert venue.connections == connection
            gap = next(event for event in seen if isinstance(event, StreamGap))
            assert ("started" if connection == 1 else "interrupted") in gap.reason
            await venue.lose_connection()


async def test_positions_that_cannot_be_watched_do_not_end_the_stream(venue: Venue) -> None:
    async def refuse() -> Any:
        raise errors().NotSupported("venue watchPositions() is not supported")

    venue.watch_positions = refuse  # type: ignore[method-assign]
    async with asyncio.timeout(5), aclosing(cast("Any", events_of(venue))) as events:
        seen = [await anext(events) for _ in range(4)]
        assert {type(event) for event in seen} == {StreamGap, OrderReport, Fill, BalancesChanged}
        waiting = asyncio.ensure_future(anext(events))
        await asyncio.wait((waiting,), timeout=0.05)
        assert not waiting.done()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    assert venue.connections == 1


async def test_a_venue_without_a_stream_says_so(venue: Venue) -> None:
    venue.has = {}
    with pytest.raises(Unsupported, match="no user stream"):
        await anext(events_of(venue))
