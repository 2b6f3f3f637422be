"""Matching, balances and priority, without any I/O."""

from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aviary_sandbox_exchange.engine.desk import Placed
from aviary_sandbox_exchange.engine.draft import Draft
from aviary_sandbox_exchange.engine.orders import ClosedOrder, Kind, OrderSide, Status, TimeInForce
from aviary_sandbox_exchange.errors import VenueError
from aviary_sandbox_exchange.ledger import FEES
from aviary_sandbox_exchange.units import SCALE, parse

from .rig import Engine, NewEngine

IDS = count()
NAMES = ("ann", "bob", "cid")
Step = tuple[str, OrderSide, str, int, int]


def draft(
    engine: Engine,
    account: str,
    side: OrderSide,
    price: str,
    quantity: str,
    *,
    kind: Kind = "LIMIT",
    tif: TimeInForce = "GTC",
    quote: str = "0",
    client_id: str = "",
) -> Draft:
    pair = engine.desk.markets["BTCUSDT"].pair
    return Draft(
        account, pair, side, kind, tif, client_id or f"c{next(IDS)}", parse(price), parse(quantity), parse(quote)
    )


def place(engine: Engine, *args: Any, **kwargs: Any) -> Placed:
    return engine.desk.place(engine.desk.check(draft(engine, *args, **kwargs)))


def fund(engine: Engine, **assets: int) -> None:
    for name in NAMES:
        for asset, amount in {"USDT": 1_000_000, "BTC": 10, **assets}.items():
            engine.ledger.deposit(name, asset, amount * SCALE)


def test_the_taker_gets_the_makers_price_and_its_own_saving_back(engine: Engine) -> None:
    fund(engine)
    place(engine, "ann", "SELL", "60000", "1")
    placed = place(engine, "bob", "BUY", "61000", "1")
    assert placed.order.status is Status.FILLED
    assert [(fill.price, fill.quantity) for fill in placed.fills] == [(parse("60000"), SCALE)]
    assert engine.ledger.of("bob", "USDT").free == parse("940000")
    assert engine.ledger.of("bob", "USDT").locked == 0
    assert engine.ledger.of("bob", "BTC").free == parse("10.999")
    assert engine.ledger.of("ann", "USDT").free == parse("1059940")
    assert engine.ledger.of(FEES, "BTC").free == parse("0.001")


def test_better_price_first_then_older_order(engine: Engine) -> None:
    fund(engine)
    late_best = place(engine, "ann", "SELL", "60001", "1").order
    first = place(engine, "bob", "SELL", "60000", "1").order
    second = place(engine, "ann", "SELL", "60000", "1").order
    place(engine, "cid", "BUY", "60001", "1.5")
    assert (first.filled, second.filled, late_best.filled) == (SCALE, SCALE // 2, 0)


def test_fill_or_kill_takes_all_or_nothing(engine: Engine) -> None:
    fund(engine)
    maker = place(engine, "ann", "SELL", "60000", "1").order
    killed = place(engine, "bob", "BUY", "60000", "1.1", tif="FOK").order
    assert (killed.status, killed.filled, maker.filled) == (Status.EXPIRED, 0, 0)
    assert engine.ledger.of("bob", "USDT").locked == 0
    filled = place(engine, "bob", "BUY", "60000", "1", tif="FOK").order
    assert filled.status is Status.FILLED


def test_immediate_or_cancel_never_rests(engine: Engine) -> None:
    fund(engine)
    place(engine, "ann", "SELL", "60000", "1")
    order = place(engine, "bob", "BUY", "60000", "3", tif="IOC").order
    assert (order.status, order.filled) == (Status.EXPIRED, SCALE)
    assert engine.ledger.of("bob", "USDT").locked == 0
    assert not engine.desk.markets["BTCUSDT"].book.bids.keys


def test_post_only_is_refused_when_it_would_take(engine: Engine) -> None:
    fund(engine)
    place(engine, "ann", "SELL", "60000", "1")
    with pytest.raises(VenueError, match=r"^Order would immediately match and take\.$"):
        place(engine, "bob", "BUY", "60000", "1", kind="LIMIT_MAKER")
    assert place(engine, "bob", "BUY", "59999.99", "1", kind="LIMIT_MAKER").order.status is Status.NEW


def test_market_by_quote_amount_spends_no_more_than_it_and_counts_as_filled(engine: Engine) -> None:
    fund(engine)
    place(engine, "ann", "SELL", "60000", "0.01")
    place(engine, "ann", "SELL", "61000", "1")
    order = place(engine, "bob", "BUY", "0", "0", kind="MARKET", tif="IOC", quote="1000").order
    assert order.status is Status.FILLED
    assert order.quantity == order.filled == parse("0.01655")
    assert parse("999") < order.filled_quote <= parse("1000")


def test_market_sell_by_quote_amount_needs_the_base_it_will_really_take(engine: Engine) -> None:
    fund(engine)
    place(engine, "ann", "BUY", "60000", "0.1")
    place(engine, "ann", "BUY", "30000", "20")
    with pytest.raises(VenueError, match="insufficient balance"):
        place(engine, "bob", "SELL", "0", "0", kind="MARKET", tif="IOC", quote="310000")
    assert engine.ledger.of("bob", "BTC").free == 10 * SCALE


def test_insufficient_balance_changes_nothing(engine: Engine) -> None:
    fund(engine)
    before = engine.ledger.of("bob", "USDT").free
    with pytest.raises(VenueError, match=r"^Account has insufficient balance for requested action\.$"):
        place(engine, "bob", "BUY", "60000", "17")
    assert engine.ledger.of("bob", "USDT").free == before
    assert engine.desk.open_orders("bob") == []


def test_a_client_id_is_free_again_once_its_order_has_ended_and_finds_the_newest(engine: Engine) -> None:
    fund(engine)
    first = place(engine, "bob", "BUY", "50000", "1", client_id="same").order
    with pytest.raises(VenueError, match=r"^Duplicate order sent\.$"):
        place(engine, "bob", "BUY", "50000", "1", client_id="same")
    engine.desk.cancel(first)
    engine.journal.commit()
    second = place(engine, "bob", "BUY", "50001", "1", client_id="same").order
    engine.desk.cancel(second)
    engine.journal.commit()
    found = engine.desk.find("bob", "BTCUSDT", order_id=None, client_id="same")
    assert found is not None
    assert found.id == second.id


def test_an_ended_order_cannot_end_again(engine: Engine) -> None:
    fund(engine)
    order = place(engine, "bob", "BUY", "50000", "1").order
    order.become(Status.CANCELED, 0)
    with pytest.raises(ClosedOrder):
        order.become(Status.FILLED, 0)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(["BUY", "SELL"]),
        st.sampled_from(["GTC", "IOC", "FOK", "MARKET", "QUOTE", "LIMIT_MAKER", "CANCEL"]),
        st.integers(59_990, 60_010),
        st.integers(1, 50_000),
    ),
    max_size=40,
)


def act(engine: Engine, step: Step) -> None:
    name, side, what, price, quantity = step
    text = f"{quantity / 100_000:.5f}"
    match what:
        case "CANCEL":
            for order in engine.desk.open_orders(name)[: quantity % 3]:
                engine.desk.cancel(order)
        case "MARKET":
            place(engine, name, side, "0", text, kind="MARKET", tif="IOC")
        case "QUOTE":
            place(engine, name, side, "0", "0", kind="MARKET", tif="IOC", quote=str(quantity))
        case "LIMIT_MAKER":
            place(engine, name, side, str(price), text, kind="LIMIT_MAKER")
        case tif:
            place(engine, name, side, str(price), text, tif=tif)


@settings(max_examples=80, deadline=None)
@given(STEPS)
def test_nothing_is_created_or_lost_and_locks_match_open_orders(new_engine: NewEngine, steps: list[Step]) -> None:
    with new_engine() as engine:
        fund(engine)
        for step in steps:
            try:
                act(engine, step)
            except VenueError:
                continue
            assert set(engine.ledger.totals().values()) == {0}
        book = engine.desk.markets["BTCUSDT"].book
        assert not (book.bids.keys and book.asks.keys) or -book.bids.keys[0] < book.asks.keys[0]
        for name in NAMES:
            orders = engine.desk.open_orders(name)
            locked_quote = sum(order.price * order.remaining // SCALE for order in orders if order.side == "BUY")
            assert engine.ledger.of(name, "USDT").locked == locked_quote
            assert engine.ledger.of(name, "BTC").locked == sum(o.remaining for o in orders if o.side == "SELL")
            assert engine.ledger.of(name, "USDT").free >= 0
            assert engine.ledger.of(name, "BTC").free >= 0
        for ladder in (book.bids, book.asks):
            for level in ladder:
                assert level.total == sum(order.remaining for order in level.orders.values()) > 0


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(59_995, 60_005), st.integers(1, 20)), min_size=1, max_size=15),
    st.integers(1, 200),
)
def test_price_time_priority(new_engine: NewEngine, offers: list[tuple[int, int]], wanted: int) -> None:
    with new_engine() as engine:
        fund(engine, BTC=1_000)
        makers = [place(engine, "ann", "SELL", str(price), str(size)).order for price, size in offers]
        engine.ledger.deposit("bob", "USDT", 10**9 * SCALE)
        place(engine, "bob", "BUY", "70000", str(wanted))
        left = wanted * SCALE
        for maker in sorted(makers, key=lambda order: (order.price, order.id)):
            assert maker.filled == min(left, maker.quantity)
            left -= maker.filled
