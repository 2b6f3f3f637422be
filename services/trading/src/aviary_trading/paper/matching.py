"""One look at a market, held against the open paper orders of one account and pair.

First the trades since the last look, for those who rest; then quotes of the other side that have come to their price;
then what has newly arrived, in the order of its arrival.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from aviary_exchange.catalogue import FeeRates
from aviary_exchange.types import Level, NewOrder, OrderBook, OrderType, PublicTrade, TimeInForce, TradeType
from aviary_trading.paper import cursor, queue
from aviary_trading.paper.cursor import Cursor
from aviary_trading.paper.records import ZERO, PaperFill, PaperOrder, PaperState
from aviary_trading.paper.settle import Change, cancelled, filled
from aviary_trading.paper.shadow import Shadow, left, still_shadowed, take
from aviary_trading.paper.walk import Budget, Step, reaches, total, walk

WOULD_TAKE: Final = "Order would immediately match and take."
NOTHING_LEFT: Final = "The book held no more at that price."
NOT_WHOLE: Final = "The book did not hold the whole amount."


@dataclass(frozen=True, slots=True)
class Look:
    """``book`` was read before ``trades``, which are ``None`` when nobody wanted them. ``began`` by the event loop."""

    book: OrderBook
    depth: int
    trades: Sequence[PublicTrade] | None
    began: float


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of a pair from one look to the next."""

    cursor: Cursor = field(default_factory=Cursor)
    bids: Shadow = field(default_factory=dict)
    asks: Shadow = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Terms:
    rates: FeeRates
    amount_step: Decimal


@dataclass(frozen=True, slots=True)
class Matched:
    """``changes`` are of orders that changed. ``missed`` when some may have rested while trades went unseen."""

    changes: Sequence[Change]
    memory: Memory
    missed: bool


def match(orders: Iterable[PaperOrder], memory: Memory, look: Look, terms: Terms, now: datetime) -> Matched:
    """``orders`` are open and of the look's pair; those that are ``NEW`` were placed before the look began."""
    return _Round(orders, memory, look, terms, now).result()


class _Round:
    def __init__(self, orders: Iterable[PaperOrder], memory: Memory, look: Look, terms: Terms, now: datetime) -> None:
        self._before = {order.id: order for order in orders}
        self._orders = dict(self._before)
        self._fills: dict[int, list[PaperFill]] = defaultdict(list)
        self._look = look
        self._terms = terms
        self._now = now
        self._cursor = memory.cursor
        self._shadows = {
            True: still_shadowed(look.book.asks, memory.asks),
            False: still_shadowed(look.book.bids, memory.bids),
        }
        """By whether a buyer takes from it."""

    def result(self) -> Matched:
        missed = self._trades()
        self._quotes()
        self._arrivals()
        self._measure()
        changes = [
            Change(before, self._orders[before.id], tuple(self._fills[before.id]))
            for before in self._before.values()
            if self._orders[before.id] != before
        ]
        return Matched(changes, Memory(self._cursor, self._shadows[False], self._shadows[True]), missed)

    def _trades(self) -> bool:
        """Whether trades went unseen while somebody rested."""
        if self._look.trades is None:
            return False
        news = cursor.since(self._cursor, self._look.trades)
        self._cursor = news.cursor
        resting = [*self._resting(is_buy=True), *self._resting(is_buy=False)]
        for trade in news.trades:
            volume = trade.amount
            for order_id in resting:
                volume -= self._after_trade(self._orders[order_id], trade, volume)
        return news.gap and bool(resting)

    def _after_trade(self, order: PaperOrder, trade: PublicTrade, volume: Decimal) -> Decimal:
        """How much of the traded volume it gets."""
        if order.price is None or not order.is_open or volume <= 0:
            return ZERO
        if queue.through(trade, order.price, is_buy=order.is_buy):
            ahead, amount = ZERO, min(order.remaining, volume)
        elif order.queue_ahead is not None and queue.at(trade, order.price, is_buy=order.is_buy):
            ahead, amount = queue.after_trade_at(order.queue_ahead, order.remaining, volume)
        else:
            return ZERO
        self._orders[order.id] = order = replace(order, queue_ahead=ahead)
        if amount:
            self._fill(order, amount, order.price or ZERO, is_maker=True)
        return amount

    def _quotes(self) -> None:
        """The other side now quotes at or beyond the price of one who rests: a real one would have met it there."""
        for order_id in [*self._resting(is_buy=True), *self._resting(is_buy=False)]:
            order = self._orders[order_id]
            steps = walk(self._offered(order), order.remaining, is_buy=order.is_buy, limit=order.price)
            if steps and order.price is not None:
                self._use_up(order, steps)
                self._fill(order, total(steps), order.price, is_maker=True)

    def _arrivals(self) -> None:
        for order in sorted(self._before.values(), key=lambda order: order.id):
            if order.state is PaperState.NEW:
                self._arrive(order)

    def _arrive(self, order: PaperOrder) -> None:
        if order.order_type is OrderType.LIMIT_MAKER and would_take(order, self._look.book):
            self._orders[order.id] = cancelled(order, self._now, WOULD_TAKE)
            return
        budget = Budget(order.reserved, self._terms.amount_step) if order.is_buy and order.price is None else None
        steps = walk(self._offered(order), order.remaining, is_buy=order.is_buy, limit=order.price, budget=budget)
        if order.time_in_force is TimeInForce.FOK and total(steps) < order.amount:
            self._orders[order.id] = cancelled(order, self._now, NOT_WHOLE)
            return
        self._use_up(order, steps)
        for step in steps:
            self._fill(self._orders[order.id], step.amount, step.price, is_maker=False)
        left_over = self._orders[order.id]
        if left_over.is_open and order.may_rest:
            self._orders[order.id] = replace(left_over, state=PaperState.RESTING)
        elif left_over.is_open:
            self._orders[order.id] = cancelled(left_over, self._now, NOTHING_LEFT)

    def _measure(self) -> None:
        """The queue before those whose price has come into view."""
        for order in list(self._orders.values()):
            if order.state is PaperState.RESTING and order.queue_ahead is None and order.price is not None:
                own_side = self._look.book.bids if order.is_buy else self._look.book.asks
                ahead = queue.displayed_at(own_side, order.price, is_buy=order.is_buy, depth=self._look.depth)
                self._orders[order.id] = replace(order, queue_ahead=ahead)

    def _resting(self, *, is_buy: bool) -> list[int]:
        """The best price first, then who came first."""
        side = [o for o in self._orders.values() if o.state is PaperState.RESTING and o.is_buy is is_buy]
        sign = -1 if is_buy else 1
        return [order.id for order in sorted(side, key=lambda order: (sign * (order.price or ZERO), order.id))]

    def _opposite(self, order: PaperOrder) -> Sequence[Level]:
        return self._look.book.asks if order.is_buy else self._look.book.bids

    def _offered(self, order: PaperOrder) -> list[Level]:
        return left(self._opposite(order), self._shadows[order.is_buy])

    def _use_up(self, order: PaperOrder, steps: Iterable[Step]) -> None:
        for step in steps:
            shadow = self._shadows[order.is_buy]
            self._shadows[order.is_buy] = take(self._opposite(order), shadow, step.price, step.amount)

    def _fill(self, order: PaperOrder, amount: Decimal, price: Decimal, *, is_maker: bool) -> None:
        after, fill = filled(order, amount, price, is_maker=is_maker, rates=self._terms.rates, now=self._now)
        self._orders[order.id] = after
        self._fills[order.id].append(fill)


def would_take(order: PaperOrder | NewOrder, book: OrderBook) -> bool:
    """Whether an order at its price would meet the best quote of the other side."""
    is_buy = order.trade_type is TradeType.BUY
    opposite = book.asks if is_buy else book.bids
    return bool(opposite) and reaches(is_buy, order.price, opposite[0].price)
