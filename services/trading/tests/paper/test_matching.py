from decimal import Decimal

import pytest

from aviary_exchange.types import OrderType, TimeInForce
from aviary_trading.paper.matching import NOT_WHOLE, NOTHING_LEFT, WOULD_TAKE, Look, Matched, Memory, match
from aviary_trading.paper.records import PaperOrder, PaperState
from aviary_trading.paper.settle import MODEL

from .values import NOW, SELL, TERMS, look, order, resting, trade

D = Decimal
BIDS, ASKS = [("99", "5"), ("98", "5")], [("101", "1"), ("102", "2")]
STILL = look(BIDS, ASKS, [])


def once(orders: list[PaperOrder], seen: Look, memory: Memory | None = None) -> Matched:
    return match(orders, memory or Memory(), seen, TERMS, NOW)


def fills(matched: Matched) -> list[tuple[Decimal, Decimal, bool]]:
    return [(fill.amount, fill.price, fill.is_maker) for change in matched.changes for fill in change.fills]


def after(matched: Matched, number: int = 1) -> PaperOrder:
    return next(change.after for change in matched.changes if change.after.id == number)


def test_a_market_order_walks_the_book_and_pays_in_what_it_receives() -> None:
    matched = once([order("2", None, budget="1000")], STILL)
    assert fills(matched) == [(D(1), D(101), False), (D(1), D(102), False)]
    (change,) = matched.changes
    assert change.after.state is PaperState.FILLED
    assert change.after.reserved == 0
    assert [(fill.fee, fill.fee_currency) for fill in change.fills] == [(D("0.002"), "BTC")] * 2
    assert [fill.trade_id for fill in change.fills] == [f"{MODEL}-1-1", f"{MODEL}-1-2"]
    sold = once([order("1", None, SELL)], STILL)
    assert [(fill.fee, fill.fee_currency) for fill in sold.changes[0].fills] == [(D("0.198"), "USDT")]


def test_what_the_book_does_not_hold_is_cancelled() -> None:
    matched = once([order("9", None, budget="5000")], STILL)
    assert (after(matched).state, after(matched).filled_amount) == (PaperState.CANCELLED, D(3))
    assert after(matched).reason == NOTHING_LEFT
    assert after(matched).reserved == 0


def test_two_takers_do_not_get_the_same_quantity() -> None:
    matched = once([order("1", None, budget="200"), order("1", None, budget="200", number=2)], STILL)
    assert fills(matched) == [(D(1), D(101), False), (D(1), D(102), False)]
    later = once([order("2", None, budget="400", number=3)], STILL, matched.memory)
    assert fills(later) == [(D(1), D(102), False)]
    updated = once([order("1", None, budget="200", number=4)], look(BIDS, [("101", "0.5"), *ASKS[1:]]), later.memory)
    assert fills(updated) == [(D("0.5"), D(101), False)]


def test_a_limit_order_takes_what_it_can_and_rests_with_what_is_left() -> None:
    matched = once([order("3", "101")], STILL)
    assert fills(matched) == [(D(1), D(101), False)]
    assert (after(matched).state, after(matched).queue_ahead, after(matched).reserved) == (
        PaperState.RESTING,
        D(0),
        D(202),
    )
    assert once([after(matched)], STILL, matched.memory).changes == []


@pytest.mark.parametrize(
    ("time_in_force", "amount", "state", "filled", "reason"),
    [
        (TimeInForce.IOC, "3", PaperState.CANCELLED, "1", NOTHING_LEFT),
        (TimeInForce.FOK, "3", PaperState.CANCELLED, "0", NOT_WHOLE),
        (TimeInForce.FOK, "1", PaperState.FILLED, "1", None),
        (TimeInForce.GTC, "3", PaperState.RESTING, "1", None),
    ],
)
def test_how_long_a_limit_order_works(
    time_in_force: TimeInForce, amount: str, state: PaperState, filled: str, reason: str | None
) -> None:
    ended = after(once([order(amount, "101", time_in_force=time_in_force)], STILL))
    assert (ended.state, ended.filled_amount, ended.reason) == (state, D(filled), reason)


def test_a_maker_that_would_take_by_the_time_it_arrives_is_cancelled() -> None:
    maker = order("1", "101", kind=OrderType.LIMIT_MAKER)
    assert (after(once([maker], STILL)).state, after(once([maker], STILL)).reason) == (PaperState.CANCELLED, WOULD_TAKE)
    passive = order("1", "100.99", kind=OrderType.LIMIT_MAKER)
    assert after(once([passive], STILL)).state is PaperState.RESTING


def test_an_arrival_queues_behind_what_is_displayed_and_past_trades_are_not_its_own() -> None:
    matched = once([order("1", "99")], look(BIDS, ASKS, [trade("98", "50")]))
    assert (after(matched).queue_ahead, after(matched).filled_amount) == (D(5), D(0))
    assert once([after(matched)], look(BIDS, ASKS, [trade("98", "50")]), matched.memory).changes == []


def test_trades_at_the_price_eat_the_queue_first_and_then_fill_in_parts() -> None:
    first = once([resting("2", "99", ahead="5")], look(BIDS, ASKS, [trade("99", "4", at=1)]))
    assert (after(first).queue_ahead, fills(first)) == (D(1), [])
    second = once([after(first)], look(BIDS, ASKS, [trade("99", "2.5", at=2)]), first.memory)
    assert (after(second).queue_ahead, fills(second)) == (D(0), [(D("1.5"), D(99), True)])
    third = once([after(second)], look(BIDS, ASKS, [trade("99", "7", at=3)]), second.memory)
    assert fills(third) == [(D("0.5"), D(99), True)]
    assert after(third).state is PaperState.FILLED


def test_cancellations_ahead_do_not_shorten_the_queue() -> None:
    assert once([resting("2", "99", ahead="5")], look([("99", "1")], ASKS, [])).changes == []


def test_a_trade_through_the_price_fills_the_traded_quantity_only() -> None:
    matched = once([resting("2", "99", ahead="5")], look(BIDS, ASKS, [trade("98.5", "0.75", at=1)]))
    assert fills(matched) == [(D("0.75"), D(99), True)]
    assert after(matched).queue_ahead == 0


def test_one_trade_is_shared_by_price_and_then_by_time() -> None:
    crowd = [
        resting("1", "99", number=1),
        resting("1", "99", number=2),
        resting("1", "100", number=3),
        resting("1", "97", number=4),
    ]
    matched = once(crowd, look(BIDS, ASKS, [trade("99", "2.25", at=1)]))
    filled = {change.after.id: change.after.filled_amount for change in matched.changes}
    assert filled == {3: D(1), 1: D(1), 2: D("0.25")}


def test_quotes_that_come_to_a_resting_order_trade_with_it_at_its_price() -> None:
    fallen = look([("90", "1")], [("95", "1"), ("100", "1")], [])
    matched = once([resting("3", "99", ahead="5")], fallen)
    assert fills(matched) == [(D(1), D(99), True)]
    assert once([after(matched)], fallen, matched.memory).changes == []


def test_a_price_out_of_view_waits_until_the_book_shows_it() -> None:
    near = look([("99", "5")], [("101", "1")], [], depth=1)
    far = after(once([order("1", "90")], near))
    assert (far.state, far.queue_ahead) == (PaperState.RESTING, None)
    seen = look([("90", "7")], [("101", "1")], [trade("90", "3", at=1)], depth=1)
    assert after(once([far], seen)).queue_ahead == 7
    assert fills(once([far], look([("89", "1")], [("101", "1")], [trade("89.5", "1", at=1)], depth=1))) == [
        (D(1), D(90), True)
    ]


def test_missed_trades_are_told_when_somebody_rests() -> None:
    memory = once([], look(BIDS, ASKS, [trade("99", "1", at=1)])).memory
    late = look(BIDS, ASKS, [trade("99", "1", at=9)])
    assert once([resting("1", "99", ahead="5")], late, memory).missed
    assert not once([order("1", "99")], late, memory).missed
