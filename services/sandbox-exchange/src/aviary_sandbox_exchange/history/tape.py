"""What one pair has traded: recent trades, the open minute, and the minutes before it."""

import sqlite3
from collections import OrderedDict, deque
from dataclasses import dataclass

from aviary_sandbox_exchange.history.bars import Bar, Columns, generate_day
from aviary_sandbox_exchange.history.path import MINUTES, Prices
from aviary_sandbox_exchange.pairs import Pair

RECENT = 1_000
DAYS_IN_MEMORY = 6
HOURS_PER_DAY = 24


@dataclass(slots=True)
class Trade:
    """A trade as the public sees it; ``buyer_is_maker`` tells the taker's side."""

    id: int
    price: int
    quantity: int
    quote: int
    time_ms: int
    buyer_is_maker: bool
    buy_order_id: int
    sell_order_id: int


@dataclass(slots=True)
class AggregateTrade:
    """What one taker order took at one price."""

    id: int
    price: int
    quantity: int
    first_id: int
    last_id: int
    time_ms: int
    buyer_is_maker: bool
    taker_order_id: int


class Tape:
    """Minutes in which the venue ran are on disk; all others are generated, so nothing has to be kept to show them."""

    def __init__(
        self, pair: Pair, prices: Prices, connection: sqlite3.Connection, *, seed: int, now_ms: int, next_id: int
    ) -> None:
        self.pair = pair
        self.trades: deque[Trade] = deque(maxlen=RECENT)
        self.aggregates: deque[AggregateTrade] = deque(maxlen=RECENT)
        self.seconds: deque[Bar] = deque(maxlen=RECENT)
        self.next_trade_id = next_id
        self.next_aggregate_id = next_id
        self._prices = prices
        self._connection = connection
        self._seed = seed
        self._days: OrderedDict[int, Columns] = OrderedDict()
        self._hours: dict[int, Columns] = {}
        self._closed: list[Bar] = []
        self.last_price = max(round(prices.at(pair, now_ms) * 1e8 / pair.tick), 1) * pair.tick
        self.minute = self._resume(now_ms // 60_000)

    def _resume(self, minute: int) -> Bar:
        """The open minute at start; one that was interrupted goes on where it was."""
        row = self._connection.execute(
            "SELECT minute, open, high, low, close, volume, quote, trades, taker_volume, taker_quote FROM minute_bar "
            "WHERE pair = ? AND minute = ?",
            (self.pair.key, minute),
        ).fetchone()
        return Bar(*row) if row else Bar.flat(minute, self.last_price)

    def record(self, trade: Trade, taker_order_id: int) -> AggregateTrade | None:
        """Take a trade in; answers with the aggregate that it completed, if it began another."""
        self.advance(trade.time_ms)
        self.trades.append(trade)
        self.last_price = trade.price
        taker_buys = not trade.buyer_is_maker
        self.minute.trade(trade.price, trade.quantity, trade.quote, taker_buys=taker_buys)
        self._second(trade, taker_buys=taker_buys)
        open_aggregate = self.aggregates[-1] if self.aggregates else None
        if (
            open_aggregate
            and open_aggregate.taker_order_id == taker_order_id
            and open_aggregate.price == trade.price
            and open_aggregate.time_ms == trade.time_ms
        ):
            open_aggregate.quantity += trade.quantity
            open_aggregate.last_id = trade.id
            return None
        self.aggregates.append(
            AggregateTrade(
                self.next_aggregate_id,
                trade.price,
                trade.quantity,
                trade.id,
                trade.id,
                trade.time_ms,
                trade.buyer_is_maker,
                taker_order_id,
            )
        )
        self.next_aggregate_id += 1
        return open_aggregate if open_aggregate and open_aggregate.taker_order_id == taker_order_id else None

    def advance(self, now_ms: int) -> bool:
        """Close the minutes that have ended by now; answers whether there was one."""
        minute = now_ms // 60_000
        if minute == self.minute.start:
            return False
        if minute < self.minute.start or minute - self.minute.start > MINUTES:
            self._close(self.minute)
            self.minute = Bar.flat(minute, self.last_price)
            return True
        while self.minute.start < minute:
            self._close(self.minute)
            self.minute = Bar.flat(self.minute.start + 1, self.last_price)
        return True

    def day(self, day: int) -> Columns:
        """A day's closed minutes; those of the open minute and later are the path's, not to be shown."""
        columns = self._days.get(day)
        if columns is None:
            columns = generate_day(self._prices, self.pair, day, self._seed)
            self._overlay(columns, day)
            self._days[day] = columns
            if len(self._days) > DAYS_IN_MEMORY:
                self._days.popitem(last=False)
        else:
            self._days.move_to_end(day)
        return columns

    def hours(self, day: int) -> Columns:
        """A past day by the hour, kept for good: candles of an hour and longer are made of these."""
        hours = self._hours.get(day)
        if hours is None:
            minutes = self.day(day)
            hours = Columns(HOURS_PER_DAY)
            for hour in range(HOURS_PER_DAY):
                hours.put(hour, minutes.merge(0, hour * 60, hour * 60 + 60))
            if (day + 1) * MINUTES <= self.minute.start:
                self._hours[day] = hours
        return hours

    def forget_generated(self, since_ms: int = 0) -> None:
        """The path was moved from then on: those days have to be generated again."""
        first = since_ms // 60_000 // MINUTES
        for kept in (self._days, self._hours):
            for day in [day for day in kept if day >= first]:
                del kept[day]

    def pause(self) -> None:
        """Before the process ends: keep the open minute too."""
        self._closed.append(self.minute)

    def has_changes(self) -> bool:
        return bool(self._closed)

    def write(self, connection: sqlite3.Connection) -> None:
        connection.executemany(
            "INSERT OR REPLACE INTO minute_bar VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    self.pair.key, bar.start, bar.open, bar.high, bar.low, bar.close,
                    bar.volume, bar.quote, bar.trades, bar.taker_volume, bar.taker_quote,
                )
                for bar in self._closed
            ],
        )  # fmt: skip
        self._closed.clear()

    def _close(self, bar: Bar) -> None:
        self._closed.append(bar)
        day, index = divmod(bar.start, MINUTES)
        if (columns := self._days.get(day)) is not None:
            columns.put(index, bar)

    def _overlay(self, columns: Columns, day: int) -> None:
        rows = self._connection.execute(
            "SELECT minute, open, high, low, close, volume, quote, trades, taker_volume, taker_quote FROM minute_bar "
            "WHERE pair = ? AND minute BETWEEN ? AND ?",
            (self.pair.key, day * MINUTES, day * MINUTES + MINUTES - 1),
        )
        for bar in [Bar(*row) for row in rows] + self._closed:
            if bar.start // MINUTES == day:
                columns.put(bar.start % MINUTES, bar)

    def _second(self, trade: Trade, *, taker_buys: bool) -> None:
        start = trade.time_ms // 1000
        if not self.seconds or self.seconds[-1].start != start:
            self.seconds.append(Bar.flat(start, trade.price))
        self.seconds[-1].trade(trade.price, trade.quantity, trade.quote, taker_buys=taker_buys)
