"""Mark prices: the middle of the book, unless a test has set one."""

from collections.abc import Iterable, Mapping

from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.journal import Journal


class Marks:
    """``indexes`` are the spot markets, whose last price is a perpetual's index."""

    def __init__(self, journal: Journal, symbols: Iterable[str], indexes: Mapping[str, Market]) -> None:
        self._journal = journal
        self._indexes = indexes
        recalled = {symbol: int(journal.recall(f"mark:{symbol}") or 0) for symbol in symbols}
        self._set = {symbol: mark for symbol, mark in recalled.items() if mark}

    def of(self, market: Market) -> int:
        if (mark := self._set.get(market.pair.symbol)) is not None:
            return mark
        bid, ask = market.best_bid, market.best_ask
        return (bid + ask) // 2 if bid and ask else market.tape.last_price

    def index_of(self, market: Market) -> int:
        return self._indexes[market.pair.symbol].tape.last_price

    def put(self, market: Market, price: int | None) -> None:
        """From now on the mark price is this one; ``None`` lets it follow the book again."""
        self._journal.remember(f"mark:{market.pair.symbol}", str(price or 0))
        if price is None:
            self._set.pop(market.pair.symbol, None)
        else:
            self._set[market.pair.symbol] = price
