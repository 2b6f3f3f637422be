"""A position with its barriers, as ``Simulation``: the kernels of both modes behind one face."""

import numpy as np

from aviary_strategies.actions import PositionSpec
from aviary_strategies.backtest.model import Costs, Mode
from aviary_strategies.backtest.position_compat import pct_by_row, simulate_compat
from aviary_strategies.backtest.position_honest import simulate_honest, stop_honest
from aviary_strategies.backtest.position_terms import Life, Terms, terms_of
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.backtest.simulation import End, Entry, Leg, Simulation, State
from aviary_strategies.backtest.venue import Venue
from aviary_strategies.candles import Column
from aviary_strategies.kernels import inlined
from aviary_strategies.types import CloseType


@inlined
def life_of(rows: Rows, created: int, sign: int, amount: float, price: float, rest: float, terms: Terms) -> Life:
    """By the rules of the terms' mode."""
    if terms.is_honest:
        return simulate_honest(rows, created, sign, amount, price, terms)
    return simulate_compat(rows, created, sign, amount, price, rest, terms)


def simulate_position(spec: PositionSpec, venue: Venue, created: int) -> Simulation:
    return PositionSimulation(spec, venue.rows[spec.market], created, venue.mode, venue.costs)


class PositionSimulation:
    """See ``Simulation``."""

    def __init__(self, spec: PositionSpec, rows: Rows, created: int, mode: Mode, costs: Costs) -> None:
        self._spec = spec
        self._rows = rows
        self._created = created
        self._terms = terms_of(spec.barriers, mode, costs)
        self._sign = spec.side.sign
        life = life_of(
            rows,
            created,
            self._sign,
            spec.amount,
            spec.entry_price,
            spec.entry_price_rest,
            self._terms,
        )
        self._life = life
        self._pnl: Column | None = None
        self.end = _end_of(life)

    @property
    def entry(self) -> Entry | None:
        """See ``Simulation``."""
        life = self._life
        return None if life.fill_row < 0 else Entry(life.fill_row, life.fill_price)

    def at(self, row: int) -> State:
        """See ``Simulation``."""
        life = self._life
        if life.fill_row < 0 or row < life.fill_row:
            return State(False, 0.0, 0.0, 0.0, self._clock(row))
        opened = self._spec.amount * life.fill_price
        return State(True, opened, self._pnl_at(row), self._life.entry_fee, self._clock(life.fill_row))

    def stopped(self, row: int, *, keep_position: bool) -> End:
        """See ``Simulation``."""
        life, amount = self._life, self._spec.amount
        if keep_position and 0 <= life.fill_row <= row:
            return self._kept(row)
        if self._terms.is_honest:
            return _end_of(stop_honest(self._rows, life, row, self._sign, amount, self._terms))
        price = float(self._rows.close[row])
        if life.fill_row < 0 or row < life.fill_row:
            return End(row, CloseType.EARLY_STOP, 0.0, 0.0, 0.0, 0.0, price)
        opened = amount * life.fill_price
        pnl = self._pnl_at(row)
        return End(row, CloseType.EARLY_STOP, pnl, self._pct_at(row), self._life.entry_fee, opened, price)

    def marks(self, last: int) -> Column:
        """See ``Simulation``."""
        life, created = self._life, self._created
        worth = np.zeros(last - created + 1)
        if 0 <= life.fill_row <= last:
            worth[life.fill_row - created :] = self._paths()[: last - life.fill_row + 1]
        if last == life.end_row:
            worth[-1] = life.net_pnl_quote
        return worth

    def _kept(self, row: int) -> End:
        """The position itself goes to the ledger, and so does what it gained."""
        life, signed = self._life, self._sign * self._spec.amount
        fee = life.entry_fee
        funding = signed * float(self._rows.funding[row] - self._rows.funding[life.fill_row])
        leg = Leg(self._spec.market, signed, life.fill_price, fee, funding)
        opened = self._spec.amount * life.fill_price
        price = float(self._rows.close[row])
        return End(row, CloseType.POSITION_HOLD, 0.0, 0.0, fee, opened, price, (leg,))

    def _paths(self) -> Column:
        """Net PnL in quote by row from the fill to the end."""
        if self._pnl is None:
            life, rows, amount = self._life, self._rows, self._spec.amount
            if self._terms.is_honest:
                held = slice(life.fill_row, life.end_row + 1)
                moved = rows.close[held] - life.fill_price - (rows.funding[held] - rows.funding[life.fill_row])
                self._pnl = self._sign * amount * moved - life.entry_fee
            else:
                pct = pct_by_row(rows.close, life.fill_row, life.end_row, self._sign, self._terms.trade_cost)
                self._pnl = pct * (amount * life.fill_price)
        return self._pnl

    def _pnl_at(self, row: int) -> float:
        return float(self._paths()[row - self._life.fill_row])

    def _pct_at(self, row: int) -> float:
        life = self._life
        pct = pct_by_row(self._rows.close, life.fill_row, row, self._sign, self._terms.trade_cost)
        return float(pct[-1])

    def _clock(self, row: int) -> float:
        opened = float(self._rows.ts[row])
        return opened + self._rows.step_s if self._terms.is_honest else opened


def _end_of(life: Life) -> End:
    return End(
        row=life.end_row,
        close_type=CloseType(life.close_type),
        net_pnl_quote=life.net_pnl_quote,
        net_pnl_pct=life.net_pnl_pct,
        fees_quote=life.fees,
        filled_quote=life.filled_quote,
        close_price=life.close_price,
    )
