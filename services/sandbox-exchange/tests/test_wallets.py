import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_sandbox_exchange.futures.wallets import Position, Wallets
from aviary_sandbox_exchange.units import parse


def test_adding_averages_the_entry_and_closing_realises() -> None:
    position = Position()
    position.trade(parse("1"), parse("100"))
    position.trade(parse("1"), parse("200"))
    assert position.entry_price == parse("150")
    assert position.trade(-parse("0.5"), parse("250")) == parse("50")
    assert position.entry_price == parse("150")
    assert position.unrealised(parse("160")) == parse("15")


def test_a_short_gains_when_it_falls_and_may_flip() -> None:
    position = Position()
    position.trade(-parse("2"), parse("100"))
    assert position.trade(parse("3"), parse("90")) == parse("20")
    assert (position.quantity, position.entry_price) == (parse("1"), parse("90"))


@given(st.lists(st.tuples(st.integers(-1_000, 1_000).filter(bool), st.integers(1, 10_000_000)), max_size=30))
def test_wallets_less_costs_sum_to_zero(trades: list[tuple[int, int]]) -> None:
    wallets = Wallets()
    wallets.deposit("ann", parse("1000"))
    for steps, ticks in trades:
        signed, price = steps * 100_000, ticks * 1_000_000
        wallets.trade("ann", ("BTCUSDT", "BOTH"), signed, price, 0)
        wallets.trade("bob", ("BTCUSDT", "LONG"), -signed, price, 0)
        assert wallets.imbalance() == (0, {"BTCUSDT": 0})


@pytest.mark.parametrize("entry", ["100", "33.33"])
def test_a_closed_position_has_no_cost_left(entry: str) -> None:
    position = Position()
    position.trade(parse("3"), parse(entry))
    position.trade(-parse("1"), parse("50"))
    position.trade(-parse("2"), parse("60"))
    assert (position.quantity, position.cost) == (0, 0)
