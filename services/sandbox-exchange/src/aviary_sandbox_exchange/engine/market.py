"""One pair with its book and its tape."""

from aviary_sandbox_exchange.engine.book import Book
from aviary_sandbox_exchange.history.candles import Candles
from aviary_sandbox_exchange.history.tape import Tape
from aviary_sandbox_exchange.pairs import Pair


class Market:
    def __init__(self, pair: Pair, book: Book, tape: Tape, candles: Candles) -> None:
        self.pair = pair
        self.book = book
        self.tape = tape
        self.candles = candles

    @property
    def best_bid(self) -> int:
        """Zero when nobody bids."""
        level = self.book.bids.best()
        return level.price if level else 0

    @property
    def best_ask(self) -> int:
        """Zero when nobody asks."""
        level = self.book.asks.best()
        return level.price if level else 0
