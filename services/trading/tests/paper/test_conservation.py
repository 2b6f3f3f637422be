"""Whatever the market does: nobody gets more than was there, and no money appears or disappears."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from aviary_exchange.types import Level, OrderBook, OrderType, PublicTrade, TimeInForce
from aviary_trading.paper.matching import Look, Memory, match
from aviary_trading.paper.records import Holding, PaperOrder, PaperState
from aviary_trading.paper.settle import Change, cancelled, settle

from .values import BUY, NOW, PAIR, SELL, TERMS, order, trade

ticks = st.integers(95, 105).map(Decimal)
sizes = st.decimals("0.001", "5", places=3)
sides = st.sampled_from([BUY, SELL])
START = {"BTC": Holding(Decimal(1000)), "USDT": Holding(Decimal(1_000_000))}


@st.composite
def books(draw: st.DrawFn) -> OrderBook:
    middle = draw(st.integers(95, 105))
    bids = [Level(Decimal(middle - n), draw(sizes)) for n in range(1, draw(st.integers(0, 4)) + 1)]
    asks = [Level(Decimal(middle + n), draw(sizes)) for n in range(draw(st.integers(0, 4)))]
    return OrderBook(PAIR, bids, asks, NOW)


@st.composite
def orders(draw: st.DrawFn, number: int) -> PaperOrder:
    kind = draw(st.sampled_from(OrderType))
    price = None if kind is OrderType.MARKET else str(draw(ticks))
    time_in_force = draw(st.sampled_from([None, *TimeInForce])) if kind is OrderType.LIMIT else None
    amount, budget = str(draw(sizes)), str(draw(st.integers(1, 2000)))
    return order(amount, price, draw(sides), number=number, kind=kind, time_in_force=time_in_force, budget=budget)


@st.composite
def trades(draw: st.DrawFn, second: int) -> list[PublicTrade]:
    return [
        trade(str(draw(ticks)), str(draw(sizes)), draw(sides), at=second, trade_id=f"{second}-{n}")
        for n in range(draw(st.integers(0, 4)))
    ]


class Account:
    """One that has everything in memory."""

    def __init__(self) -> None:
        self.held = dict(START)
        self.orders: dict[int, PaperOrder] = {}
        self.memory = Memory()
        self.changes: list[Change] = []

    def place(self, new: PaperOrder) -> None:
        token = "USDT" if new.is_buy else "BTC"
        self.held[token] = replace(self.held[token], reserved=self.held[token].reserved + new.reserved)
        self.orders[new.id] = new

    def look(self, book: OrderBook, newest: list[PublicTrade]) -> list[Change]:
        live = [each for each in self.orders.values() if each.is_open]
        matched = match(live, self.memory, Look(book, 100, newest, 0.0), TERMS, NOW)
        self.memory = matched.memory
        self.take_over(list(matched.changes))
        return list(matched.changes)

    def take_over(self, changes: list[Change]) -> None:
        self.held = settle(self.held, changes)
        self.orders |= {change.after.id: change.after for change in changes}
        self.changes += changes


def shown(book: OrderBook) -> Decimal:
    return sum((level.amount for level in (*book.bids, *book.asks)), Decimal(0))


def volume(changes: list[Change]) -> Decimal:
    return sum((fill.amount for change in changes for fill in change.fills), Decimal(0))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_more_than_was_printed_and_displayed(data: st.DataObject) -> None:
    """Of each look by itself; and all looks together, while the book stands still."""
    account, book, printed = Account(), data.draw(books()), Decimal(0)
    stands_still = data.draw(st.booleans())
    for second in range(1, 5):
        account.place(data.draw(orders(second)))
        newest = data.draw(trades(second))
        printed += sum((item.amount for item in newest), Decimal(0))
        now_shown = book if stands_still else data.draw(books())
        traded = volume(account.look(now_shown, newest))
        assert traded <= shown(now_shown) + sum((item.amount for item in newest), Decimal(0))
    if stands_still:
        assert volume(account.changes) <= shown(book) + printed


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_money_is_conserved_and_what_is_locked_is_what_open_orders_need(data: st.DataObject) -> None:
    account = Account()
    for second in range(1, 6):
        account.place(data.draw(orders(second)))
        account.look(data.draw(books()), data.draw(trades(second)))
        live = [each for each in account.orders.values() if each.is_open]
        if live and data.draw(st.booleans()):
            account.take_over([Change(live[0], cancelled(live[0], NOW))])
        check(account)


def check(account: Account) -> None:
    expected = {token: Fraction(held.total) for token, held in START.items()}
    for change in account.changes:
        sign = 1 if change.after.is_buy else -1
        for fill in change.fills:
            expected["BTC"] += sign * Fraction(fill.amount)
            expected["USDT"] -= sign * Fraction(fill.amount) * Fraction(fill.price)
            expected[fill.fee_currency] -= Fraction(fill.fee)
    assert {token: Fraction(held.total) for token, held in account.held.items()} == expected
    for token, is_buy in (("USDT", True), ("BTC", False)):
        locked = sum((o.reserved for o in account.orders.values() if o.is_open and o.is_buy is is_buy), Decimal(0))
        assert account.held[token].reserved == locked
        assert account.held[token].available >= 0
    for each in account.orders.values():
        assert 0 <= each.filled_amount <= each.amount
        assert each.reserved >= 0
        assert each.is_open or each.reserved == 0
        assert (each.state is PaperState.FILLED) == (each.filled_amount == each.amount)
