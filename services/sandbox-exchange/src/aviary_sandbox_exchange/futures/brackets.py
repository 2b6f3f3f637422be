"""How large a position may be at which leverage, and the margin that keeps it: one table for every symbol."""

from dataclasses import dataclass

from aviary_sandbox_exchange.units import SCALE

MAX_LEVERAGE = 125
TEN_THOUSANDTHS = 10_000
TABLE = (
    (125, 300_000, 40),
    (100, 800_000, 50),
    (75, 3_000_000, 65),
    (50, 12_000_000, 100),
    (25, 70_000_000, 200),
    (20, 100_000_000, 250),
    (10, 230_000_000, 500),
    (5, 480_000_000, 1_000),
    (4, 600_000_000, 1_250),
    (3, 800_000_000, 1_500),
    (2, 1_200_000_000, 2_500),
    (1, 1_800_000_000, 5_000),
)
"""Leverage at most, notional at most (USDT), maintenance rate (1e-4): Binance's numbers for BTCUSDT."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """``deduction`` makes the maintenance margin continuous where brackets meet."""

    number: int
    leverage: int
    floor: int
    cap: int
    rate: int
    deduction: int

    def maintenance(self, worth: int) -> int:
        return max(worth * self.rate // TEN_THOUSANDTHS - self.deduction, 0)


def _brackets() -> tuple[Bracket, ...]:
    found: list[Bracket] = []
    floor = rate_below = deduction = 0
    for number, (leverage, cap, rate) in enumerate(TABLE, 1):
        deduction += floor * (rate - rate_below) // TEN_THOUSANDTHS
        found.append(Bracket(number, leverage, floor, cap * SCALE, rate, deduction))
        floor, rate_below = cap * SCALE, rate
    return tuple(found)


BRACKETS = _brackets()


def bracket_of(worth: int) -> Bracket:
    """Of a notional; beyond the last cap the last one."""
    return next((bracket for bracket in BRACKETS if worth <= bracket.cap), BRACKETS[-1])


def max_notional(leverage: int) -> int:
    return max(bracket.cap for bracket in BRACKETS if bracket.leverage >= leverage)
