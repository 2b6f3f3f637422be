"""The generic path: a controller is asked at the close of every row, and what it asks for is simulated."""

import math
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from aviary_strategies.actions import Action, Create, Spec
from aviary_strategies.backtest.ledger import Ledger
from aviary_strategies.backtest.model import Costs, MarketRules, Mode
from aviary_strategies.backtest.moment import Moment
from aviary_strategies.backtest.quantise import accepted
from aviary_strategies.backtest.result import Played
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.backtest.running import Running
from aviary_strategies.backtest.simulate import simulate
from aviary_strategies.backtest.tracks import Tracks
from aviary_strategies.backtest.venue import Venue
from aviary_strategies.candles import Column
from aviary_strategies.controller import Controller
from aviary_strategies.errors import Cancelled
from aviary_strategies.types import CloseType, Market

LOOK_EVERY: Final = 256
"""Rows between two looks at whether somebody has cancelled."""
NEVER: Final = sys.maxsize
VISIBLE_S: Final = 3600.0
"""How long a controller sees an executor that has ended."""


class Stepping:
    """The order within a row is the reference engine's: what was kept enters the ledger, executors end, the row is
    written down, the controller decides. Only ``compat`` lets what was kept wait for the next row, as it does there."""

    def __init__(
        self,
        controller: Controller[Any],
        rows: Mapping[Market, Rows],
        features: Mapping[str, Column],
        mode: Mode,
        costs: Costs,
        rules: Mapping[Market, MarketRules],
        balances: Mapping[tuple[str, str], float],
    ) -> None:
        self._controller = controller
        self._venue = Venue(dict(rows), mode, costs)
        self._features = features
        self._rules = rules
        self._balances = balances
        self._ledger = Ledger(fees_count=mode is Mode.HONEST)
        self._active: list[Running] = []
        self._over: list[Running] = []
        self._waiting: list[Running] = []
        self._tracks = Tracks(len(self._venue.clock.ts))
        self._created = 0
        self._closes = {market: each.close.tolist() for market, each in rows.items()}
        self._funding = {
            m: np.diff(each.funding, prepend=0.0).tolist() for m, each in rows.items() if each.funding.any()
        }
        self._next_end = NEVER
        self._oldest_s = math.inf

    def play(self, progress: Callable[[float], None], is_cancelled: Callable[[], bool]) -> Played:
        """All rows, and what is left when they have ended; raises ``Cancelled``."""
        count = len(self._venue.clock.ts)
        for row in range(count):
            if row % LOOK_EVERY == 0:
                if is_cancelled():
                    raise Cancelled
                progress(row / count)
            self._step(row)
        self._close(count - 1)
        return self._tracks.played(self._ledger)

    def _step(self, row: int) -> None:
        prices = self._prices(row)
        if self._funding:
            self._ledger.pay({market: paid[row] for market, paid in self._funding.items()})
        self._keep_waiting()
        if row >= self._next_end:
            self._end_those_over_by(row)
        if self._oldest_s < self._venue.shown_s[row] - VISIBLE_S:
            self._forget(self._venue.shown_s[row] - VISIBLE_S)
        self._ledger.mark(prices)
        self._tracks.write(row, self._venue.shown_s[row], self._ledger)
        for action in self._controller.decide(self._moment(row, prices)):
            self._act(action, row)

    def _act(self, action: Action, row: int) -> None:
        if isinstance(action, Create):
            self._create(action.spec, row)
            return
        for running in self._active:
            if running.executor_id == action.executor_id and not running.is_stopping:
                running.stop(row, keep_position=action.keep_position)
                self._next_end = min(self._next_end, running.end.row)
                if running.end.row <= row:
                    self._active.remove(running)
                    self._finish(running)
                    self._value_kept(row)
                return

    def _create(self, asked: Spec, row: int) -> None:
        spec = accepted(asked, self._venue, row)
        if spec is None:
            self._tracks.refused += 1
            return
        simulation = simulate(spec, self._venue, row, self._rules)
        self._active.append(Running(self._created, spec, simulation, row, self._venue.shown_s[row]))
        self._created += 1
        self._next_end = min(self._next_end, simulation.end.row)

    def _value_kept(self, row: int) -> None:
        """What a decision has kept was an executor's until then, and is the ledger's from this row on."""
        if self._venue.mode is Mode.HONEST and self._ledger.positions:
            self._ledger.mark(self._prices(row))
            self._tracks.value(row, self._ledger)

    def _end_those_over_by(self, row: int) -> None:
        for running in [each for each in self._active if each.end.row <= row]:
            self._active.remove(running)
            self._finish(running)
        self._next_end = min((each.end.row for each in self._active), default=NEVER)

    def _forget(self, earliest_s: float) -> None:
        self._over = [each for each in self._over if each.closed_s >= earliest_s]
        self._oldest_s = min((each.closed_s for each in self._over), default=math.inf)

    def _finish(self, running: Running) -> None:
        running.closed_s = self._venue.shown_s[running.end.row]
        self._over.append(running)
        self._oldest_s = min(self._oldest_s, running.closed_s)
        self._tracks.ended(running)
        if running.end.close_type is not CloseType.POSITION_HOLD:
            return
        self._waiting.append(running)
        if self._venue.mode is Mode.HONEST:
            self._keep_waiting()

    def _keep_waiting(self) -> None:
        for running in self._waiting:
            for leg in running.end.kept:
                self._ledger.take(leg)
        self._waiting.clear()

    def _close(self, last: int) -> None:
        """What was created at the last row is told too, and what was kept there enters the ledger."""
        self._end_those_over_by(last)
        self._keep_waiting()
        self._ledger.mark(self._prices(last))

    def _prices(self, row: int) -> dict[Market, float]:
        return {market: closes[row] for market, closes in self._closes.items()}

    def _moment(self, row: int, prices: dict[Market, float]) -> Moment:
        for running in self._active:
            running.row = row
        return Moment(
            now_s=self._venue.shown_s[row],
            row=row,
            executors=[*self._active, *self._over],
            prices=prices,
            columns=self._features,
            ledger=self._ledger,
            market_rules=self._rules,
            balances=self._balances,
        )
