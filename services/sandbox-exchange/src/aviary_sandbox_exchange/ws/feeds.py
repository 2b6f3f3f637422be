"""Streams that are looked at in a rhythm: what has changed since the last look."""

from typing import Protocol

from aviary_sandbox_exchange.engine.book import Ladder
from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.engine.orders import OrderSide
from aviary_sandbox_exchange.market_views import book_ticker_view, levels
from aviary_sandbox_exchange.ws.trades import price_text, quantity_text

Json = dict[str, object]
TICK_MS = 100


class Feed(Protocol):
    every_ticks: int

    def poll(self, now_ms: int) -> list[object]:
        """The events that are due, none when nothing changed."""

    def close(self) -> None: ...


class DepthDiffs:
    """Changed levels with their new totals; each event's ids follow the one before without a gap."""

    def __init__(self, market: Market, every_ticks: int) -> None:
        self.every_ticks = every_ticks
        self._market = market
        self._sent_id = market.book.update_id
        self._changed: dict[OrderSide, dict[int, None]] = {"BUY": {}, "SELL": {}}
        market.book.listeners.append(self)

    def level_changed(self, side: OrderSide, price: int) -> None:
        self._changed[side][price] = None

    def poll(self, now_ms: int) -> list[object]:
        pair, book = self._market.pair, self._market.book
        if book.update_id == self._sent_id:
            return []
        event: Json = {"e": "depthUpdate", "E": now_ms}
        if pair.side == "futures":
            event["T"] = now_ms
        event |= {"s": pair.symbol, "U": self._sent_id + 1, "u": book.update_id}
        if pair.side == "futures":
            event["pu"] = self._sent_id
        event |= {"b": self._levels("BUY", book.bids), "a": self._levels("SELL", book.asks)}
        self._sent_id = book.update_id
        return [event]

    def close(self) -> None:
        self._market.book.listeners.remove(self)

    def _levels(self, side: OrderSide, ladder: Ladder) -> list[list[str]]:
        pair = self._market.pair
        changed = self._changed[side]
        self._changed[side] = {}
        found = [(price, ladder.levels.get(price)) for price in changed]
        return [[price_text(pair, price), quantity_text(pair, level.total if level else 0)] for price, level in found]


class PartialDepth:
    """The best few levels, whole."""

    def __init__(self, market: Market, depth: int, every_ticks: int) -> None:
        self.every_ticks = every_ticks
        self._market = market
        self._depth = depth
        self._sent_id = -1

    def poll(self, now_ms: int) -> list[object]:
        pair, book = self._market.pair, self._market.book
        if book.update_id == self._sent_id:
            return []
        before, self._sent_id = self._sent_id, book.update_id
        bids, asks = levels(pair, book.bids, self._depth), levels(pair, book.asks, self._depth)
        if pair.side == "spot":
            return [{"lastUpdateId": book.update_id, "bids": bids, "asks": asks}]
        ids = {"U": max(before, 0) + 1, "u": book.update_id, "pu": max(before, 0)}
        return [{"e": "depthUpdate", "E": now_ms, "T": now_ms, "s": pair.symbol, **ids, "b": bids, "a": asks}]

    def close(self) -> None: ...


class BookTicker:
    """Best bid and ask of one market or several, when they have changed."""

    every_ticks = 1

    def __init__(self, markets: list[Market]) -> None:
        self._markets = markets
        self._sent: dict[str, Json] = {}

    def poll(self, now_ms: int) -> list[object]:
        events: list[object] = []
        for market in self._markets:
            view = book_ticker_view(market)
            if self._sent.get(market.pair.symbol) == view:
                continue
            self._sent[market.pair.symbol] = view
            event: Json = {
                "u": market.book.update_id,
                "s": view["symbol"],
                "b": view["bidPrice"],
                "B": view["bidQty"],
                "a": view["askPrice"],
                "A": view["askQty"],
            }
            if market.pair.side == "futures":
                event = {"e": "bookTicker", **event, "T": now_ms, "E": now_ms}
            events.append(event)
        return events

    def close(self) -> None: ...
