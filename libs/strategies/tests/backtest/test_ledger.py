"""The held position: averages, what is realised, and the other way round."""

import pytest
from libs.strategies.tests.backtest.markets import BTC

from aviary_strategies.backtest.ledger import Ledger
from aviary_strategies.backtest.simulation import Leg


def ledger_of(*legs: tuple[float, float], fees_count: bool = True) -> Ledger:
    ledger = Ledger(fees_count=fees_count)
    for amount, price in legs:
        ledger.take(Leg(BTC, amount, price, 1.0))
    ledger.mark({BTC: 120.0})
    return ledger


@pytest.mark.parametrize(
    ("legs", "amount", "average", "gained"),
    [
        ([(1.0, 100.0), (3.0, 104.0)], 4.0, 103.0, 0.0),
        ([(4.0, 100.0), (-1.0, 110.0)], 3.0, 100.0, 10.0),
        ([(-4.0, 100.0), (1.0, 110.0)], -3.0, 100.0, -10.0),
        ([(1.0, 100.0), (-3.0, 110.0)], -2.0, 110.0, 10.0),
        ([(1.0, 100.0), (-1.0, 110.0)], 0.0, 0.0, 10.0),
        ([(1.0, 100.0), (-1.0, 110.0), (2.0, 90.0)], 2.0, 90.0, 10.0),
    ],
)
def test_a_position_is_one_net_amount(
    legs: list[tuple[float, float]], amount: float, average: float, gained: float
) -> None:
    position = ledger_of(*legs).of(BTC)
    assert (position.net_amount, position.average_price) == (amount, average)
    assert position.realized_pnl_quote == pytest.approx(gained - len(legs))
    assert position.unrealized_pnl_quote == pytest.approx(amount * (120.0 - average))


def test_the_reference_engine_forgets_the_fees() -> None:
    ledger = ledger_of((1.0, 100.0), (-1.0, 110.0), fees_count=False)
    assert ledger.realized == pytest.approx(10.0)
    assert ledger.of(BTC).hold().fees_quote == pytest.approx(2.0)


def test_a_hold_tells_both_sides_volumes() -> None:
    hold = ledger_of((1.0, 100.0), (-3.0, 110.0)).of(BTC).hold()
    assert (hold.buy_amount_base, hold.buy_amount_quote) == (1.0, 100.0)
    assert (hold.sell_amount_base, hold.sell_amount_quote) == (3.0, 330.0)
    assert (hold.n_executors, hold.is_closed) == (2, False)
