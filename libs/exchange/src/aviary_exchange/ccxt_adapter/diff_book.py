"""A book made of a snapshot and the diffs after it, as Binance numbers them."""

from collections.abc import Sequence
from typing import Any

from aviary_exchange.ccxt_adapter.book_side import BookSide
from aviary_exchange.ccxt_adapter.raw import Raw, instant, required
from aviary_exchange.ccxt_adapter.symbols import Listing
from aviary_exchange.types import Level, OrderBook


class DiffBook:
    def __init__(self, listing: Listing, snapshot: Raw, asked_levels: int) -> None:
        """``snapshot`` as ccxt gives it; a side with all of the asked levels was probably cut there."""
        self._listing = listing
        self._bids = self._side(snapshot["bids"], asked_levels, is_bids=True)
        self._asks = self._side(snapshot["asks"], asked_levels, is_bids=False)
        self._at = instant(snapshot.get("timestamp"))
        self.update_id = int(snapshot["nonce"])

    def follow(self, event: Raw) -> bool:
        """Apply a diff, unless it is old; false when another is missing before it.

        Spot's ids touch; those of futures do not, and name the diff before instead.
        """
        if event["u"] <= self.update_id:
            return True
        if event["U"] > self.update_id + 1 and event.get("pu") != self.update_id:
            return False
        for side, rows in ((self._bids, event["b"]), (self._asks, event["a"])):
            for price, amount in rows:
                side.put(required(price), self._listing.to_base(required(amount)))
        self.update_id = event["u"]
        self._at = instant(event["E"])
        return True

    def knows(self, count: int) -> bool:
        return self._bids.knows(count) and self._asks.knows(count)

    def top(self, count: int) -> OrderBook:
        bids, asks = self._bids.top(count), self._asks.top(count)
        return OrderBook(self._listing.trading_pair, bids, asks, self._at, self.update_id, self.knows(count))

    def _side(self, rows: Sequence[Sequence[Any]], asked_levels: int, *, is_bids: bool) -> BookSide:
        levels = [Level(price, self._listing.to_base(amount)) for price, amount, *_ in rows]
        return BookSide(levels, is_bids=is_bids, is_whole=len(levels) < asked_levels)
