"""What the generic path writes down, row by row."""

from typing import Final

import numpy as np

from aviary_strategies.backtest.ledger import Ledger
from aviary_strategies.backtest.result import Ended, Played
from aviary_strategies.backtest.running import Running
from aviary_strategies.candles import Column

POSITION_COLUMNS: Final = (
    "timestamp",
    "long_amount",
    "short_amount",
    "net_amount",
    "unrealized_pnl",
    "realized_pnl",
    "n_holds",
)


class Tracks:
    def __init__(self, rows: int) -> None:
        self.refused = 0
        self._ended: list[Ended] = []
        self._open = np.zeros(rows)
        self._closed = np.zeros(rows)
        self._realized = np.zeros(rows)
        self._unrealized = np.zeros(rows)
        self._positions: list[tuple[float, ...]] = []

    def write(self, row: int, now_s: float, ledger: Ledger) -> None:
        if not ledger.positions:
            return
        self.value(row, ledger)
        amounts = [each.net_amount for each in ledger.positions.values() if each.net_amount != 0]
        if amounts:
            longs, shorts = sum(a for a in amounts if a > 0), -sum(a for a in amounts if a < 0)
            self._positions.append(
                (now_s, longs, shorts, longs - shorts, ledger.unrealized, ledger.realized, float(len(amounts)))
            )

    def value(self, row: int, ledger: Ledger) -> None:
        self._realized[row] = ledger.realized
        self._unrealized[row] = ledger.unrealized

    def ended(self, running: Running) -> None:
        end, created = running.end, running.created_row
        if end.row > created:
            self._open[created : end.row] += running.simulation.marks(end.row - 1)
        self._closed[end.row] += end.net_pnl_quote
        entry = running.simulation.entry
        fill_row, fill_price = (-1, 0.0) if entry is None or entry.row > end.row else entry
        self._ended.append(Ended(running.executor_id, running.spec, created, fill_row, fill_price, end))

    def played(self, ledger: Ledger) -> Played:
        columns = zip(*self._positions, strict=True) if self._positions else ((),) * len(POSITION_COLUMNS)
        series: dict[str, Column] = {
            name: np.array(column, dtype=np.float64) for name, column in zip(POSITION_COLUMNS, columns, strict=True)
        }
        return Played(
            ended=self._ended,
            marks=np.cumsum(self._closed) + self._open,
            position_realized=self._realized,
            position_unrealized=self._unrealized,
            position_series=series,
            positions=tuple(position.hold() for position in ledger.positions.values()),
            refused=self.refused,
        )
