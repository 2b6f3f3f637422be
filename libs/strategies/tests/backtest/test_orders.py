"""The order executor: when it is filled, at which price, and what it leaves."""

import pytest
from libs.strategies.tests.backtest.markets import BTC, FREE, Candle, flat, venue_of

from aviary_strategies.actions import OrderSpec
from aviary_strategies.backtest.model import Costs, Mode
from aviary_strategies.backtest.orders import simulate_order
from aviary_strategies.types import CloseType, OrderType, Side

CANDLES: list[Candle] = [
    (100.0, 101.0, 99.0, 100.0),
    (102.0, 103.0, 101.0, 102.0),
    (101.0, 101.0, 98.0, 99.0),
    (99.0, 100.0, 95.0, 96.0),
]


def order(side: Side, order_type: OrderType, price: float | None = None) -> OrderSpec:
    return OrderSpec(BTC, side, 2.0, order_type, price)


def test_a_market_order_gets_the_next_open_made_worse_by_the_slippage() -> None:
    costs = Costs(taker_fee=0.001, slippage=0.01)
    end = simulate_order(order(Side.BUY, OrderType.MARKET), venue_of(CANDLES, costs), 0).end
    assert (end.row, end.close_type) == (1, CloseType.POSITION_HOLD)
    (leg,) = end.kept
    assert leg.price == pytest.approx(102.0 * 1.01)
    assert leg.amount == 2.0
    assert leg.fee_quote == pytest.approx(2.0 * 102.0 * 1.01 * 0.001)
    assert end.net_pnl_quote == pytest.approx(0.0)


def test_latency_moves_the_price_along_the_candle() -> None:
    costs = Costs(taker_fee=0.0, slippage=0.0, latency_s=90.0)
    (leg,) = simulate_order(order(Side.SELL, OrderType.MARKET), venue_of(CANDLES, costs), 0).end.kept
    assert leg.price == pytest.approx(100.0)
    assert leg.amount == -2.0


@pytest.mark.parametrize(("price", "row"), [(100.0, 2), (98.0, 3), (95.0, None), (94.0, None)])
def test_a_resting_bid_needs_a_trade_below_it(price: float, row: int | None) -> None:
    end = simulate_order(order(Side.BUY, OrderType.LIMIT, price), venue_of(CANDLES), 0).end
    if row is None:
        assert (end.row, end.close_type, end.kept) == (3, CloseType.EXPIRED, ())
    else:
        assert (end.row, end.kept[0].price) == (row, price)


def test_a_bid_above_the_price_takes_unless_it_may_not() -> None:
    taken = simulate_order(order(Side.BUY, OrderType.LIMIT, 110.0), venue_of(CANDLES), 0).end
    made = simulate_order(order(Side.BUY, OrderType.LIMIT_MAKER, 110.0), venue_of(CANDLES), 0).end
    assert (taken.row, taken.kept[0].price) == (1, 102.0)
    assert (made.row, made.kept[0].price) == (1, 102.0)
    never = simulate_order(order(Side.BUY, OrderType.LIMIT_MAKER, 110.0), venue_of(flat(100.0, 5)), 0).end
    assert never.close_type is CloseType.EXPIRED


def test_an_order_that_arrives_after_the_last_candle_expires() -> None:
    end = simulate_order(order(Side.BUY, OrderType.MARKET), venue_of(CANDLES), 3).end
    assert (end.row, end.close_type, end.fees_quote) == (3, CloseType.EXPIRED, 0.0)


def test_compat_fills_at_closes() -> None:
    venue = venue_of(CANDLES, FREE, Mode.COMPAT)
    market = simulate_order(order(Side.BUY, OrderType.MARKET), venue, 1).end
    limit = simulate_order(order(Side.BUY, OrderType.LIMIT, 99.5), venue, 0).end
    assert (market.row, market.kept[0].price) == (1, 102.0)
    assert (limit.row, limit.kept[0].price) == (2, 99.0)


def test_an_order_that_waits_is_cancelled_without_a_trace() -> None:
    simulation = simulate_order(order(Side.BUY, OrderType.LIMIT, 97.0), venue_of(CANDLES), 0)
    end = simulation.stopped(1, keep_position=True)
    assert (end.row, end.close_type, end.kept, end.filled_quote) == (1, CloseType.EARLY_STOP, (), 0.0)
    assert not simulation.at(1).is_trading
