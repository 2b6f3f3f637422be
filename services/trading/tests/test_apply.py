from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from aviary_exchange.types import Fill, OrderReport, OrderType, PositionAction, TradeType, VenueOrderState
from aviary_messages.events import OrderAccepted, OrderCancelled, OrderFilled, OrderRejected
from aviary_trading.orders import apply
from aviary_trading.orders.events import events_between
from aviary_trading.orders.record import Order
from aviary_trading.orders.states import OrderState

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(seconds=1)
ZERO = Decimal(0)

ORDER = Order(
    id=1,
    account_name="a",
    connector_name="sandbox",
    client_order_id="c1",
    venue_client_id="c1",
    exchange_order_id=None,
    trading_pair="BTC-USDT",
    trade_type=TradeType.BUY,
    order_type=OrderType.LIMIT,
    position_action=PositionAction.OPEN,
    time_in_force=None,
    requested_amount=Decimal(2),
    requested_price=Decimal(100),
    amount=Decimal(2),
    price=Decimal(100),
    status=OrderState.PENDING_CREATE,
    filled_amount=ZERO,
    filled_quote=ZERO,
    venue_filled_amount=ZERO,
    fee_paid=ZERO,
    fee_currency=None,
    fee_quote=ZERO,
    error_message=None,
    settled=False,
    version=0,
    created_at=NOW,
    updated_at=NOW,
)
OPEN = replace(ORDER, status=OrderState.OPEN, exchange_order_id="7")


def fill(amount: str, price: str, trade_id: str = "t1", fee: str = "0.001", currency: str = "BTC") -> Fill:
    return Fill(
        trade_id=trade_id,
        exchange_order_id="7",
        client_order_id="c1",
        trading_pair="BTC-USDT",
        trade_type=TradeType.BUY,
        amount=Decimal(amount),
        price=Decimal(price),
        fee=Decimal(fee),
        fee_currency=currency,
        is_maker=True,
        at=NOW,
    )


def report(state: VenueOrderState, filled: str = "0") -> OrderReport:
    return OrderReport("c1", "7", "BTC-USDT", state, Decimal(filled), None, NOW)


def test_the_average_price_is_weighted_by_amount() -> None:
    after = apply.with_fills(OPEN, [fill("0.5", "90"), fill("1", "99", "t2")], LATER)
    assert after.average_fill_price == Decimal(96)
    assert after.status is OrderState.PARTIALLY_FILLED


def test_the_last_fill_completes_and_settles_the_order() -> None:
    after = apply.with_fills(OPEN, [fill("2", "100")], LATER)
    assert (after.status, after.settled, after.fee_paid) == (OrderState.FILLED, True, Decimal("0.001"))


def test_an_order_reported_filled_is_not_settled_before_its_fills_are_here() -> None:
    after = apply.with_report(OPEN, report(VenueOrderState.FILLED, "2"), LATER)
    assert after.status is OrderState.FILLED
    assert after.misses_fills
    assert not after.settled
    assert apply.with_fills(after, [fill("2", "100")], LATER).settled


def test_a_fill_that_comes_after_the_cancellation_counts_and_the_order_stays_cancelled() -> None:
    cancelled = apply.with_report(OPEN, report(VenueOrderState.CANCELLED, "1"), LATER)
    after = apply.with_fills(cancelled, [fill("1", "100")], LATER)
    assert (after.status, after.filled_amount, after.settled) == (OrderState.CANCELLED, Decimal(1), True)


def test_a_fill_proves_that_a_failed_order_exists() -> None:
    failed = apply.failed(ORDER, "never arrived", NOW)
    assert apply.with_fills(failed, [fill("1", "100")], LATER).status is OrderState.PARTIALLY_FILLED


def test_an_older_report_does_not_take_fills_back() -> None:
    after = apply.with_report(apply.with_fills(OPEN, [fill("1", "100")], NOW), report(VenueOrderState.OPEN), LATER)
    assert after.venue_filled_amount == Decimal(1)


def test_the_acknowledgement_after_the_fill_does_not_reopen_the_order() -> None:
    filled = apply.with_fills(ORDER, [fill("2", "100")], NOW)
    assert apply.accepted(filled, "7", LATER).status is OrderState.FILLED


def test_saying_the_same_again_changes_nothing() -> None:
    once = apply.with_report(OPEN, report(VenueOrderState.OPEN), LATER)
    assert apply.with_report(once, report(VenueOrderState.OPEN), LATER + timedelta(hours=1)) == once


amounts = st.decimals(min_value="0.00000001", max_value="1000000", places=8)


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=20))
def test_sums_are_exact_however_the_fills_are_grouped(parts: list[tuple[Decimal, Decimal]]) -> None:
    fills = [fill(str(amount), str(price), f"t{place}") for place, (amount, price) in enumerate(parts)]
    order = replace(OPEN, amount=Decimal(10**12))
    together = apply.with_fills(order, fills, LATER)
    one_by_one = order
    for single in fills:
        one_by_one = apply.with_fills(one_by_one, [single], LATER)
    assert together.filled_quote == one_by_one.filled_quote
    expected = sum(Fraction(amount) * Fraction(price) for amount, price in parts)
    assert Fraction(together.filled_quote) == expected


def test_events_tell_what_happened_in_order() -> None:
    one = fill("2", "100")
    after = apply.with_fills(ORDER, [one], LATER)
    events = events_between(ORDER, after, [one])
    assert [type(event) for event in events] == [OrderAccepted, OrderFilled]
    cancelled = apply.with_report(OPEN, report(VenueOrderState.CANCELLED), LATER)
    assert [type(event) for event in events_between(OPEN, cancelled, [])] == [OrderCancelled]
    failed = apply.failed(ORDER, "too small", LATER)
    assert [type(event) for event in events_between(ORDER, failed, [])] == [OrderRejected]
    assert events_between(OPEN, OPEN, []) == []
