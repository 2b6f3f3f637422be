"""Price-time priority: the taker meets the best level's oldest order, at that order's price."""

from typing import Protocol

from aviary_sandbox_exchange.engine.book import Book
from aviary_sandbox_exchange.engine.orders import Order
from aviary_sandbox_exchange.units import SCALE, notional


class Counter(Protocol):
    """Who settles each match."""

    def allowed(self, order: Order, quantity: int) -> int:
        """How much of ``quantity`` may trade (a reduce-only order shrinks with the position)."""

    def traded(self, maker: Order, taker: Order, price: int, quantity: int) -> None: ...

    def stranded(self, maker: Order) -> None:
        """The resting order may not trade any more and has to leave the book."""


def wanted(taker: Order, price: int) -> int:
    """What the taker still wants at that price; a market order by quote amount wants whole steps it can pay."""
    if not taker.quote_quantity:
        return taker.remaining
    step = taker.pair.step
    return (taker.quote_quantity - taker.filled_quote) * SCALE // price // step * step


def match(book: Book, taker: Order, counter: Counter) -> None:
    ladder = book.opposite(taker.side)
    while taker.is_open and (level := ladder.best()) is not None and taker.reaches(level.price):
        quantity = counter.allowed(taker, wanted(taker, level.price))
        if quantity <= 0:
            return
        maker = level.first()
        offered = counter.allowed(maker, maker.remaining)
        if offered <= 0:
            counter.stranded(maker)
            continue
        quantity = min(quantity, offered)
        quote = notional(level.price, quantity)
        book.trade(maker, quantity)
        maker.filled_quote += quote
        taker.filled += quantity
        taker.filled_quote += quote
        counter.traded(maker, taker, level.price, quantity)
