"""Resting orders: per side a dict of price levels, per level a queue in time order."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Protocol

from aviary_sandbox_exchange.engine.orders import Order, OrderSide


class LevelListener(Protocol):
    def level_changed(self, side: OrderSide, price: int) -> None: ...


class Level:
    __slots__ = ("orders", "price", "total")

    def __init__(self, price: int) -> None:
        self.price = price
        self.total = 0
        self.orders: dict[int, Order] = {}

    def first(self) -> Order:
        return next(iter(self.orders.values()))


class Ladder:
    """One side, best price first; keys are prices, negated for bids, so that the best is always the smallest."""

    __slots__ = ("keys", "levels", "sign")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.keys: list[int] = []
        self.levels: dict[int, Level] = {}

    def best(self) -> Level | None:
        return self.levels[self.keys[0] * self.sign] if self.keys else None

    def at(self, price: int) -> Level:
        level = self.levels.get(price)
        if level is None:
            level = self.levels[price] = Level(price)
            insort(self.keys, price * self.sign)
        return level

    def drop(self, price: int) -> None:
        del self.levels[price]
        del self.keys[bisect_left(self.keys, price * self.sign)]

    def __iter__(self) -> Iterator[Level]:
        return (self.levels[key * self.sign] for key in self.keys)

    def top(self, count: int) -> list[Level]:
        return [self.levels[key * self.sign] for key in self.keys[:count]]


class Book:
    """``update_id`` grows by one with every change of a level's total, as in Binance's depth streams."""

    def __init__(self, update_id: int = 0) -> None:
        self.bids = Ladder(-1)
        self.asks = Ladder(1)
        self.update_id = update_id
        self.listeners: list[LevelListener] = []

    def ladder(self, side: OrderSide) -> Ladder:
        return self.bids if side == "BUY" else self.asks

    def opposite(self, side: OrderSide) -> Ladder:
        return self.asks if side == "BUY" else self.bids

    def add(self, order: Order) -> None:
        level = self.ladder(order.side).at(order.price)
        level.orders[order.id] = order
        level.total += order.remaining
        self._changed(order.side, order.price)

    def remove(self, order: Order) -> None:
        ladder = self.ladder(order.side)
        level = ladder.levels[order.price]
        del level.orders[order.id]
        level.total -= order.remaining
        if not level.orders:
            ladder.drop(order.price)
        self._changed(order.side, order.price)

    def trade(self, maker: Order, quantity: int) -> None:
        """Take ``quantity`` off a resting order (its ``filled`` is raised here), which leaves when nothing remains."""
        ladder = self.ladder(maker.side)
        level = ladder.levels[maker.price]
        maker.filled += quantity
        level.total -= quantity
        if not maker.remaining:
            del level.orders[maker.id]
            if not level.orders:
                ladder.drop(maker.price)
        self._changed(maker.side, maker.price)

    def available_to(self, order: Order) -> int:
        """How much the order could take at once at prices it reaches."""
        total = 0
        for level in self.opposite(order.side):
            if not order.reaches(level.price) or total >= order.quantity:
                break
            total += level.total
        return total

    def cost_of(self, side: OrderSide, quantity: int) -> int:
        """The quote amount that taking ``quantity`` would cost now; what the book cannot give is free."""
        cost = 0
        for level in self.opposite(side):
            if quantity <= 0:
                break
            taken = min(quantity, level.total)
            cost += level.price * taken // 100_000_000
            quantity -= taken
        return cost

    def quantity_for(self, side: OrderSide, quote: int) -> int:
        """The quantity that changes hands when taking for that quote amount now, at most."""
        quantity = 0
        for level in self.opposite(side):
            if quote <= 0:
                break
            taken = min(level.total, -(-quote * 100_000_000 // level.price))
            quantity += taken
            quote -= level.price * taken // 100_000_000
        return quantity

    def _changed(self, side: OrderSide, price: int) -> None:
        self.update_id += 1
        for listener in self.listeners:
            listener.level_changed(side, price)
