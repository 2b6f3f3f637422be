"""The generic path: what a controller sees, when it sees it, and what is written down."""

from collections.abc import Callable, Sequence

import pytest
from libs.strategies.tests.backtest.markets import BTC, FREE, START, Candle, flat, rows_of
from pydantic import BaseModel

from aviary_strategies.actions import Action, Barriers, Create, DcaSpec, OrderSpec, PositionSpec, Stop
from aviary_strategies.backtest.model import Costs, Mode
from aviary_strategies.backtest.result import Played
from aviary_strategies.backtest.stepping import Stepping
from aviary_strategies.context import Context
from aviary_strategies.controller import Controller
from aviary_strategies.errors import Cancelled, CannotRun
from aviary_strategies.types import CloseType, Market, OrderType, Side

Decide = Callable[[int, Context], list[Action]]
RISING: list[Candle] = [(100.0 + i, 101.0 + i, 100.0 + i, 101.0 + i) for i in range(80)]


class Nothing(BaseModel):
    pass


class Scripted(Controller[Nothing]):
    """Does what ``script`` says of the n-th decision, and remembers what ``seen`` made of each context."""

    name, kind, config_class = "scripted", "generic", Nothing

    def __init__(self, script: Decide) -> None:
        super().__init__(Nothing())
        self.script = script
        self.count = 0

    @property
    def markets(self) -> Sequence[Market]:
        return (BTC,)

    def decide(self, context: Context) -> list[Action]:
        self.count += 1
        return self.script(self.count - 1, context)


def play(script: Decide, candles: list[Candle], mode: Mode = Mode.HONEST, costs: Costs = FREE) -> Played:
    stepping = Stepping(
        Scripted(script), {BTC: rows_of(candles)}, {}, mode, costs, {}, {("sandbox_perpetual", "USDT"): 500.0}
    )
    return stepping.play(lambda _fraction: None, lambda: False)


def position(**barriers: object) -> Create:
    return Create(PositionSpec(BTC, Side.BUY, 1.0, 100.0, Barriers(**barriers)))  # type: ignore[arg-type]


def market_order(side: Side, amount: float = 1.0) -> Create:
    return Create(OrderSpec(BTC, side, amount, OrderType.MARKET))


def test_an_executor_is_seen_from_the_next_row_on_until_an_hour_after_its_end() -> None:
    seen: list[list[bool]] = []

    def script(row: int, context: Context) -> list[Action]:
        seen.append([each.is_active for each in context.executors])
        return [position(time_limit=60)] if row == 0 else []

    play(script, RISING)
    assert seen[:3] == [[], [True], [False]]
    ended_at = 2
    assert seen[ended_at + 60] == [False]
    assert seen[ended_at + 61] == []


def test_the_clock_shows_when_a_candle_has_closed_and_in_compat_when_it_opened() -> None:
    for mode, first in ((Mode.HONEST, START + 60), (Mode.COMPAT, START)):
        times: list[float] = []

        def script(_row: int, context: Context, times: list[float] = times) -> list[Action]:
            times.append(context.now_s)
            return []

        play(script, RISING[:3], mode)
        assert times == [first, first + 60, first + 120]


def test_a_stop_closes_at_the_next_open() -> None:
    def script(row: int, context: Context) -> list[Action]:
        return [position()] if row == 0 else [Stop(context.executors[0].executor_id)] if row == 3 else []

    (ended,) = play(script, RISING).ended
    assert (ended.fill_row, ended.fill_price) == (1, 101.0)
    assert (ended.end.row, ended.end.close_type) == (4, CloseType.EARLY_STOP)
    assert ended.end.net_pnl_quote == pytest.approx(104.0 - 101.0)


def test_what_is_kept_is_held_from_the_row_of_its_fill_and_one_later_in_compat() -> None:
    for mode, row_held, price in ((Mode.HONEST, 1, 101.0), (Mode.COMPAT, 2, 101.0)):
        held: list[float] = []

        def script(row: int, context: Context, held: list[float] = held) -> list[Action]:
            held.append(context.held(BTC).net_amount)
            return [market_order(Side.BUY, 2.0)] if row == 0 else []

        played = play(script, RISING[:5], mode)
        assert [bool(amount) for amount in held] == [row >= row_held for row in range(5)]
        assert played.position_unrealized[-1] == pytest.approx(2 * (105.0 - price))
        assert played.positions[0].average_price == price


def test_what_is_held_counts_in_the_balances() -> None:
    balances: list[tuple[float, float]] = []

    def script(row: int, context: Context) -> list[Action]:
        connector = BTC.connector_name
        balances.append((context.balance(connector, "BTC"), context.balance(connector, "USDT")))
        return [market_order(Side.BUY, 2.0)] if row == 0 else [market_order(Side.SELL)] if row == 1 else []

    play(script, RISING[:4])
    assert balances == [(0.0, 500.0), (2.0, 500.0 - 202.0), (1.0, 500.0 - 202.0 + 102.0), (1.0, 400.0)]


def test_fees_of_what_is_held_are_realised() -> None:
    costs = Costs(taker_fee=0.01, slippage=0.0)

    def script(row: int, _context: Context) -> list[Action]:
        return [market_order(Side.BUY)] if row == 0 else [market_order(Side.SELL)] if row == 1 else []

    played = play(script, RISING[:4], costs=costs)
    assert played.position_realized.tolist() == pytest.approx([0.0, -1.01, 102.0 - 101.0 - 2.03, 102.0 - 101.0 - 2.03])
    assert played.positions[0].is_closed
    assert len(played.position_series["timestamp"]) == 1


def test_marks_are_what_all_executors_are_worth_at_each_close() -> None:
    def script(row: int, _context: Context) -> list[Action]:
        return [position(time_limit=120)] if row in (0, 1) else []

    marks = play(script, RISING[:6]).marks
    # Bought at 101 and 102, sold at 103 and 104.
    assert marks.tolist() == pytest.approx([0.0, 1.0, 2.0 + 1.0, 2.0 + 2.0, 4.0, 4.0])


def test_what_is_decided_at_the_last_row_is_told_and_earns_nothing() -> None:
    def script(row: int, _context: Context) -> list[Action]:
        return [position()] if row == 4 else []

    (ended,) = play(script, RISING[:5]).ended
    assert (ended.end.row, ended.fill_row, ended.end.net_pnl_quote) == (4, -1, 0.0)


def test_a_cancelled_backtest_ends() -> None:
    stepping = Stepping(
        Scripted(lambda _row, _context: []), {BTC: rows_of(flat(1.0, 5))}, {}, Mode.HONEST, FREE, {}, {}
    )
    with pytest.raises(Cancelled):
        stepping.play(lambda _fraction: None, lambda: True)


def test_compat_refuses_what_it_has_no_numbers_of() -> None:
    spec = DcaSpec(BTC, Side.BUY, (99.0,), (10.0,), Barriers())
    with pytest.raises(CannotRun, match="use honest"):
        play(lambda _row, _context: [Create(spec)], RISING[:3], Mode.COMPAT)
