"""An executor's life as its fills tell it: its profit follows from what was traded, when and at what price."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from aviary_strategies.backtest.simulation import End, Entry, Leg, State
from aviary_strategies.backtest.venue import Fill, Venue
from aviary_strategies.candles import Column
from aviary_strategies.types import CloseType, Market

NEGLIGIBLE: Final = 1e-12
"""Of what was traded."""


class FilledSimulation:
    """A ``Simulation`` made of ``fills`` in the order of their rows, over by the close of ``end_row`` as
    ``close_type``. A POSITION_HOLD keeps what is open then; otherwise nothing is.

    What is open is valued where it was traded, or all of it at ``valued_at``: bought here and sold there, it is gone.
    """

    def __init__(
        self,
        venue: Venue,
        created: int,
        fills: Sequence[Fill],
        end_row: int,
        close_type: CloseType,
        *,
        valued_at: Market | None = None,
    ) -> None:
        self._venue = venue
        self._created = created
        self._valued_at = valued_at
        self._fills = tuple(fills)
        self.end = self._ended(self._fills, end_row, close_type)

    @property
    def entry(self) -> Entry | None:
        """See ``Simulation``."""
        return Entry(self._fills[0].row, self._fills[0].price) if self._fills else None

    def at(self, row: int) -> State:
        """See ``Simulation``."""
        seen = [fill for fill in self._fills if fill.row <= row]
        entries = [fill for fill in seen if not fill.is_exit]
        return State(
            is_trading=bool(_open(seen)),
            filled_quote=sum(fill.quote for fill in seen),
            net_pnl_quote=self._worth(seen, row),
            fees_quote=sum(fill.fee_quote for fill in seen),
            last_update_s=self._venue.shown_s[entries[-1].row if entries else row],
        )

    def stopped(self, row: int, *, keep_position: bool) -> End:
        """See ``Simulation``."""
        seen = [fill for fill in self._fills if fill.row <= row]
        still_open = _open(seen)
        if not still_open:
            return self._ended(seen, row, CloseType.EARLY_STOP)
        if keep_position:
            return self._ended(seen, row, CloseType.POSITION_HOLD)
        closing = [self._venue.market_fill(row, market, -amount) for market, amount in still_open.items()]
        return self._ended([*seen, *closing], max(fill.row for fill in closing), CloseType.EARLY_STOP)

    def marks(self, last: int) -> Column:
        """See ``Simulation``."""
        worth = np.zeros(last - self._created + 1)
        for fill in self._fills:
            if fill.row <= last:
                rows = self._venue.rows[self._valued_at or fill.market]
                path = rows.close[fill.row : last + 1] - fill.price
                paid = rows.funding[fill.row : last + 1] - rows.funding[fill.row]
                worth[fill.row - self._created :] += fill.amount * (path - paid) - fill.fee_quote
        return worth

    def _worth(self, fills: Sequence[Fill], row: int) -> float:
        worth = 0.0
        for fill in fills:
            rows = self._venue.rows[self._valued_at or fill.market]
            paid = float(rows.funding[row] - rows.funding[fill.row])
            worth += fill.amount * (float(rows.close[row]) - fill.price - paid) - fill.fee_quote
        return worth

    def _ended(self, fills: Sequence[Fill], row: int, close_type: CloseType) -> End:
        opened = sum(fill.quote for fill in fills if not fill.is_exit)
        kept = self._legs(fills, row) if close_type is CloseType.POSITION_HOLD else ()
        net = self._worth(fills, row)
        for leg in kept:
            moved = leg.amount * (float(self._venue.rows[leg.market].close[row]) - leg.price)
            net -= moved - leg.fee_quote - leg.funding_quote
        return End(
            row=row,
            close_type=close_type,
            net_pnl_quote=net,
            net_pnl_pct=net / opened if opened else 0.0,
            fees_quote=sum(fill.fee_quote for fill in fills),
            filled_quote=sum(fill.quote for fill in fills),
            close_price=fills[-1].price if fills else float(self._venue.clock.close[row]),
            kept=kept,
        )

    def _legs(self, fills: Sequence[Fill], row: int) -> tuple[Leg, ...]:
        """What is open, at the average price of what opened it; its share of the fees and the funding goes with it."""
        legs = []
        for market, amount in _open(fills).items():
            entries = [fill for fill in fills if fill.market == market and not fill.is_exit]
            base, paid = sum(abs(fill.amount) for fill in entries), self._venue.rows[market].funding
            price = sum(fill.quote for fill in entries) / base
            before = sum(abs(fill.amount) * float(paid[fill.row]) for fill in entries) / base
            fees = sum(fill.fee_quote for fill in entries) * abs(amount) / base
            legs.append(Leg(market, amount, price, fees, amount * (float(paid[row]) - before)))
        return tuple(legs)


def _open(fills: Sequence[Fill]) -> dict[Market, float]:
    """Signed base by market; what adding and subtracting floats leaves over is nothing."""
    amounts: dict[Market, float] = {}
    traded: dict[Market, float] = {}
    for fill in fills:
        amounts[fill.market] = amounts.get(fill.market, 0.0) + fill.amount
        traded[fill.market] = traded.get(fill.market, 0.0) + abs(fill.amount)
    return {market: amount for market, amount in amounts.items() if abs(amount) > NEGLIGIBLE * traded[market]}
