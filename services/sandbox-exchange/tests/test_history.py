from collections.abc import Iterator

import pytest

from aviary_sandbox_exchange.history.bars import generate_day
from aviary_sandbox_exchange.history.candles import Candles
from aviary_sandbox_exchange.history.intervals import DAY_MS, LENGTH_MS, end_of, start_of
from aviary_sandbox_exchange.history.path import Prices
from aviary_sandbox_exchange.history.tape import Tape, Trade
from aviary_sandbox_exchange.journal import Journal
from aviary_sandbox_exchange.pairs import FUTURES, SPOT, Pair
from aviary_sandbox_exchange.units import SCALE

NOW_MS = 1_780_000_000_000
DAY = NOW_MS // DAY_MS
Recorded = tuple[Tape, Journal]


@pytest.fixture
def tape() -> Iterator[Recorded]:
    journal = Journal(":memory:")
    made = Tape(SPOT[0], Prices(1), journal.connection, seed=1, now_ms=NOW_MS, next_id=1)
    journal.carry(made)
    yield made, journal
    journal.connection.close()


def trade(price: int, time_ms: int) -> Trade:
    return Trade(1, price, SCALE, price, time_ms, True, 1, 2)


@pytest.mark.parametrize("pair", [*SPOT, *FUTURES], ids=lambda pair: pair.key)
def test_a_generated_day_is_the_same_for_the_same_seed_and_sound(pair: Pair) -> None:
    one, other = generate_day(Prices(1), pair, DAY, 1), generate_day(Prices(1), pair, DAY, 1)
    assert one.close == other.close
    assert one.volume == other.volume
    assert generate_day(Prices(2), pair, DAY, 2).close != one.close
    for i in range(1440):
        assert one.low[i] <= min(one.open[i], one.close[i]) <= max(one.open[i], one.close[i]) <= one.high[i]
        assert one.volume[i] >= one.taker_volume[i] > 0
        assert one.close[i] % pair.tick == one.high[i] % pair.tick == 0
        assert i == 0 or one.open[i] == one.close[i - 1]


def test_days_follow_each_other_and_the_live_price_without_a_jump(tape: Recorded) -> None:
    live, _ = tape
    prices = Prices(1)
    before, after = generate_day(prices, live.pair, DAY - 1, 1), generate_day(prices, live.pair, DAY, 1)
    assert before.close[-1] == after.open[0]
    minute = NOW_MS % DAY_MS // 60_000
    assert after.low[minute] <= live.last_price <= after.high[minute]


@pytest.mark.parametrize("interval", [name for name in LENGTH_MS if name not in ("1s", "1m", "1w", "1M", "3d")])
def test_a_candle_is_the_sum_of_its_minutes(tape: Recorded, interval: str) -> None:
    candles = Candles(tape[0], NOW_MS)
    (bar,) = candles.get(interval, start_ms=None, end_ms=NOW_MS - 2 * DAY_MS, limit=1, now_ms=NOW_MS)
    minutes = candles.get("1m", start_ms=bar.start, end_ms=end_of(interval, bar.start) - 1, limit=1500, now_ms=NOW_MS)
    assert len(minutes) == LENGTH_MS[interval] // 60_000
    assert (bar.open, bar.close) == (minutes[0].open, minutes[-1].close)
    assert (bar.high, bar.low) == (max(m.high for m in minutes), min(m.low for m in minutes))
    assert (bar.volume, bar.trades) == (sum(m.volume for m in minutes), sum(m.trades for m in minutes))


@pytest.mark.parametrize("past", [90, 120])
def test_there_are_so_many_days_and_nothing_before(tape: Recorded, past: int) -> None:
    candles = Candles(tape[0], NOW_MS, past)
    days = candles.get("1d", start_ms=0, end_ms=None, limit=1000, now_ms=NOW_MS)
    assert [bar.start for bar in days] == [(DAY - past + i) * DAY_MS for i in range(past + 1)]


def test_weeks_start_on_monday_and_months_on_the_first() -> None:
    assert start_of("1w", 1_780_000_000_000) == 1_779_667_200_000
    assert start_of("1M", 1_780_000_000_000) == 1_777_593_600_000
    assert end_of("1M", 1_777_593_600_000) == 1_780_272_000_000


def test_traded_minutes_replace_generated_ones_and_survive_a_restart(tape: Recorded) -> None:
    live, journal = tape
    high = live.last_price * 2
    live.record(trade(high, NOW_MS), 7)
    live.advance(NOW_MS + 60_000)
    minute = NOW_MS // 60_000
    assert live.day(DAY).high[minute % 1440] == high
    journal.commit()
    again = Tape(SPOT[0], Prices(1), journal.connection, seed=1, now_ms=NOW_MS + 120_000, next_id=1)
    assert again.day(DAY).high[minute % 1440] == high
    assert again.day(DAY).volume[minute % 1440] == SCALE


def test_silent_minutes_are_flat(tape: Recorded) -> None:
    live, _ = tape
    live.record(trade(live.last_price, NOW_MS), 7)
    bars = Candles(live, NOW_MS).get("1m", start_ms=None, end_ms=None, limit=2, now_ms=NOW_MS + 180_000)
    assert [(bar.volume, bar.open == bar.close == live.last_price) for bar in bars] == [(0, True), (0, True)]


def test_trades_of_one_taker_at_one_price_become_one_aggregate(tape: Recorded) -> None:
    live, _ = tape
    for taker, price in ((7, 100), (7, 100), (7, 101), (8, 101)):
        live.record(trade(price * SCALE, NOW_MS), taker)
    assert [(a.price // SCALE, a.quantity // SCALE) for a in live.aggregates] == [(100, 2), (101, 1), (101, 1)]
