"""Small markets for tests: rows written as (open, high, low, close)."""

import numpy as np

from aviary_strategies.backtest.model import Costs, Mode
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.backtest.venue import Venue
from aviary_strategies.types import Market

BTC = Market("sandbox_perpetual", "BTC-USDT")
OTHER = Market("other", "BTC-USDT")
FREE = Costs(trade_cost=0.0, maker_fee=0.0, taker_fee=0.0, slippage=0.0)
START = 1_700_000_000.0
Candle = tuple[float, float, float, float]


def rows_of(candles: list[Candle], *, missing: frozenset[int] = frozenset(), funding: float = 0.0) -> Rows:
    """Minutes from START on; those in ``missing`` leave a gap behind. ``funding`` is paid per base unit each minute."""
    kept = [place for place in range(len(candles)) if place not in missing]
    columns = np.array([candles[place] for place in kept], dtype=np.float64)
    return Rows(
        ts=START + 60.0 * np.array(kept, dtype=np.float64),
        open=np.ascontiguousarray(columns[:, 0]),
        high=np.ascontiguousarray(columns[:, 1]),
        low=np.ascontiguousarray(columns[:, 2]),
        close=np.ascontiguousarray(columns[:, 3]),
        funding=funding * np.arange(1.0, len(kept) + 1),
        step_s=60.0,
    )


def flat(price: float, count: int) -> list[Candle]:
    return [(price, price, price, price)] * count


def venue_of(
    candles: list[Candle], costs: Costs = FREE, mode: Mode = Mode.HONEST, other: list[Candle] | None = None
) -> Venue:
    rows = {BTC: rows_of(candles)}
    if other is not None:
        rows[OTHER] = rows_of(other)
    return Venue(rows, mode, costs)
