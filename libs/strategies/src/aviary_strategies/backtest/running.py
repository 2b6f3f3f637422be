"""An executor on the generic path, as a controller sees it."""

from aviary_strategies.actions import Spec
from aviary_strategies.backtest.executors import KINDS, entry_of, market_of, side_of
from aviary_strategies.backtest.simulation import Simulation, State
from aviary_strategies.types import CloseType, Market, Side


class Running:
    """See ``aviary_strategies.context.ExecutorView``; ``row`` is the one that it is looked at from."""

    def __init__(self, number: int, spec: Spec, simulation: Simulation, created_row: int, created_s: float) -> None:
        self.executor_id = number
        self.spec = spec
        self.simulation = simulation
        self.created_row = created_row
        self.created_s = created_s
        self.closed_s = 0.0
        self.row = created_row
        self.end = simulation.end
        self.is_stopping = False

    def stop(self, row: int, *, keep_position: bool) -> None:
        """It ends at ``row`` or, where its orders take their time, a little later."""
        self.end = self.simulation.stopped(row, keep_position=keep_position)
        self.is_stopping = True

    @property
    def kind(self) -> str:
        return KINDS[type(self.spec)]

    @property
    def market(self) -> Market:
        return market_of(self.spec)

    @property
    def side(self) -> Side | None:
        return side_of(self.spec)

    @property
    def level_id(self) -> str | None:
        return self.spec.level_id

    @property
    def is_active(self) -> bool:
        return self.closed_s == 0.0

    @property
    def is_trading(self) -> bool:
        return self.is_active and self._state.is_trading

    @property
    def entry_price(self) -> float:
        return entry_of(self.spec)[1]

    @property
    def filled_quote(self) -> float:
        return self._state.filled_quote if self.is_active else self.end.filled_quote

    @property
    def net_pnl_quote(self) -> float:
        return self._state.net_pnl_quote if self.is_active else self.end.net_pnl_quote

    @property
    def last_update_s(self) -> float:
        return self._state.last_update_s

    @property
    def close_type(self) -> CloseType:
        return CloseType.NONE if self.is_active else self.end.close_type

    @property
    def _state(self) -> State:
        row = self.row if self.is_active else self.end.row - 1
        return self.simulation.at(max(self.created_row, min(row, self.simulation.end.row - 1)))
