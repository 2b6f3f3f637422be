"""Arbitrage and cross-exchange market making."""

import pytest
from libs.strategies.tests.backtest.markets import BTC, FREE, OTHER, Candle, flat, venue_of

from aviary_strategies.actions import ArbitrageSpec, XemmSpec
from aviary_strategies.backtest.model import Costs
from aviary_strategies.backtest.two_markets import simulate_arbitrage, simulate_xemm
from aviary_strategies.types import CloseType, Side

COSTLY = Costs(maker_fee=0.001, taker_fee=0.002, slippage=0.0)


def test_arbitrage_waits_until_it_pays_after_fees() -> None:
    dear: list[Candle] = [*flat(100.0, 2), *flat(101.0, 1), *flat(103.0, 3)]
    end = simulate_arbitrage(ArbitrageSpec(BTC, OTHER, 2.0, 0.01), venue_of(flat(100.0, 6), COSTLY, other=dear), 0).end
    assert (end.row, end.close_type) == (4, CloseType.COMPLETED)
    assert end.net_pnl_quote == pytest.approx(2 * 3.0 - 2 * (100.0 + 103.0) * 0.002)


def test_arbitrage_that_never_pays_expires() -> None:
    end = simulate_arbitrage(
        ArbitrageSpec(BTC, OTHER, 2.0, 0.01), venue_of(flat(100.0, 6), other=flat(100.0, 6)), 0
    ).end
    assert (end.row, end.close_type, end.filled_quote) == (5, CloseType.EXPIRED, 0.0)


@pytest.mark.parametrize("side", list(Side))
def test_a_maker_order_is_hedged_when_it_fills(side: Side) -> None:
    low, high = (97.0, 100.0) if side is Side.BUY else (100.0, 103.0)
    made: list[Candle] = [*flat(100.0, 3), (100.0, high, low, 100.0), *flat(100.0, 2)]
    markets = (BTC, OTHER) if side is Side.BUY else (OTHER, BTC)
    spec = XemmSpec(*markets, side, 2.0, 0.005, 0.02, 0.04)
    end = simulate_xemm(spec, venue_of(made, FREE, other=flat(100.0, 6)), 0).end
    assert (end.row, end.close_type) == (3, CloseType.COMPLETED)
    assert end.net_pnl_quote == pytest.approx(
        2 * 100.0 * (1 - 1 / 1.02) if side is Side.BUY else 2 * 100.0 * (1 / 0.98 - 1)
    )


def test_a_maker_order_follows_the_other_market_beyond_its_bounds() -> None:
    made: list[Candle] = [*flat(100.0, 3), (100.0, 100.0, 97.0, 100.0)]
    other: list[Candle] = [*flat(100.0, 2), *flat(90.0, 2)]
    end = simulate_xemm(XemmSpec(BTC, OTHER, Side.BUY, 2.0, 0.005, 0.02, 0.04), venue_of(made, other=other), 0).end
    assert end.close_type is CloseType.EXPIRED
