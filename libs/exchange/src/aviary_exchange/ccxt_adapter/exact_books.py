"""ccxt's live order books with exact decimals in them.

A snapshot's levels are decimals and many an exchange's diffs are floats: stored as they come, ``0.1`` would not find
``Decimal("0.1")``, and the level would stay for ever.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from aviary_exchange.ccxt_adapter.raw import to_decimal
from aviary_exchange.ccxt_import import websocket_module

_books = websocket_module("order_book")
_sides = websocket_module("order_book_side")


class _Exact:
    def storeArray(self, delta: list[Any]) -> None:  # noqa: N802  ccxt's name
        if type(delta[0]) is not Decimal or type(delta[1]) is not Decimal:
            delta = [to_decimal(delta[0]), to_decimal(delta[1]), *delta[2:]]
        super().storeArray(delta)  # type: ignore[misc]


def _exact(side: type[Any]) -> type[Any]:
    return type(side.__name__, (_Exact, side), {})


_PLAIN = (_exact(_sides.Bids), _exact(_sides.Asks))
_COUNTED = (_exact(_sides.CountedBids), _exact(_sides.CountedAsks))
_INDEXED = (_exact(_sides.IndexedBids), _exact(_sides.IndexedAsks))


def plain_book(snapshot: Mapping[str, Any], depth: int | None) -> Any:
    return _book(snapshot, depth, *_PLAIN)


def counted_book(snapshot: Mapping[str, Any], depth: int | None) -> Any:
    return _book(snapshot, depth, *_COUNTED)


def indexed_book(snapshot: Mapping[str, Any], depth: int | None) -> Any:
    return _book(snapshot, depth, *_INDEXED)


def _book(snapshot: Mapping[str, Any], depth: int | None, bids: type[Any], asks: type[Any]) -> Any:
    """Of the plain class, which leaves sides alone that are sides already."""
    sides = {"bids": bids(snapshot.get("bids", []), depth), "asks": asks(snapshot.get("asks", []), depth)}
    return _books.OrderBook({**snapshot, **sides}, depth)
