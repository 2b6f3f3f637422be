"""One side of a live order book: best price first, read without work."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from decimal import Decimal

from aviary_exchange.types import Level


class BookSide:
    """Knows the book down to an edge, where the snapshot was cut; what lies beyond is not kept.

    Levels are made when they change and handed out as they are: reading costs a slice.
    """

    __slots__ = ("_edge", "_is_bids", "_keys", "_levels")

    def __init__(self, snapshot: Iterable[Level], *, is_bids: bool, is_whole: bool) -> None:
        self._is_bids = is_bids
        self._levels = sorted(snapshot, key=lambda level: self._key(level.price))
        self._keys = [self._key(level.price) for level in self._levels]
        self._edge = None if is_whole or not self._keys else self._keys[-1]

    def put(self, price: Decimal, amount: Decimal) -> None:
        """The amount at a price is this now; none takes the level out."""
        key = self._key(price)
        if self._edge is not None and key > self._edge:
            return
        index = bisect_left(self._keys, key)
        is_known = index < len(self._keys) and self._keys[index] == key
        if not amount:
            if is_known:
                del self._keys[index], self._levels[index]
        elif is_known:
            self._levels[index] = Level(price, amount)
        else:
            self._keys.insert(index, key)
            self._levels.insert(index, Level(price, amount))

    def top(self, count: int) -> Sequence[Level]:
        return self._levels[:count]

    def knows(self, count: int) -> bool:
        """Whether the best ``count`` levels, or all there are, lie before the edge."""
        return self._edge is None or len(self._levels) >= count

    def _key(self, price: Decimal) -> Decimal:
        return price.copy_negate() if self._is_bids else price
