"""The rows of a backtest, and what is known at each of them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.backtest.joining import has_nan, newest_by, paid_by_close, taken
from aviary_strategies.backtest.model import NO_RULES, Funding, MarketRules, Mode
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.candles import Candles, Column
from aviary_strategies.errors import NoCandles
from aviary_strategies.types import Market


class Prepared(NamedTuple):
    """Columns as long as the rows; the first market's are those of ``candles``."""

    rows: Mapping[Market, Rows]
    candles: Candles
    features: Mapping[str, Column]

    @property
    def clock(self) -> Rows:
        return next(iter(self.rows.values()))


def prepare(
    markets: Mapping[Market, Candles],
    features: Mapping[str, Column],
    feature_ts: Column,
    feature_step_s: float,
    mode: Mode,
    funding: Mapping[Market, Funding],
    rules: Mapping[Market, MarketRules],
) -> Prepared:
    """Rows are where all markets have a candle.

    In compat a feature row is joined by its open time, up to a whole feature candle too early, and a row at which some
    feature is NaN vanishes. In honest it is joined by its close time, a row without a feature has NaN, and there are
    funding and rules.
    """
    together = _together(list(markets.values()))
    clock = together[0]
    offset = 0.0 if mode is Mode.COMPAT else clock.interval_s - feature_step_s
    joined = _joined(features, feature_ts, clock.ts, offset)
    if mode is Mode.COMPAT:
        together, joined = _without_nan(together, joined)
    if not len(together[0]):
        raise NoCandles("No row is left: there are too few candles for the features")
    if mode is Mode.COMPAT:
        funding, rules = {}, {}
    rows = {
        market: _rows(candles, funding.get(market), rules.get(market, NO_RULES))
        for market, candles in zip(markets, together, strict=True)
    }
    return Prepared(rows, together[0], joined)


def _rows(candles: Candles, funding: Funding | None, rules: MarketRules) -> Rows:
    step = float(candles.interval_s)
    paid = (
        np.zeros(len(candles))
        if funding is None
        else paid_by_close(candles.ts, candles.close, step, funding.ts, funding.rate)
    )
    return Rows(candles.ts, candles.open, candles.high, candles.low, candles.close, paid, step, _as_floats(rules))


def _as_floats(rules: MarketRules) -> MarketRules:
    """Kernels are compiled for these."""
    return MarketRules(*(float(each) for each in rules))


def _together(all_candles: Sequence[Candles]) -> list[Candles]:
    first = all_candles[0]
    if all(len(each) == len(first) and np.array_equal(each.ts, first.ts) for each in all_candles[1:]):
        return list(all_candles)
    shared = first.ts
    for each in all_candles[1:]:
        shared = np.intersect1d(shared, each.ts, assume_unique=True)
    return [_at(each, np.searchsorted(each.ts, shared)) for each in all_candles]


def _joined(features: Mapping[str, Column], known_s: Column, now_s: Column, offset_s: float) -> Mapping[str, Column]:
    if not features:
        return {}
    if offset_s == 0.0 and np.array_equal(known_s, now_s):
        return features
    places = newest_by(known_s, now_s, offset_s)
    return {name: taken(column, places) for name, column in features.items()}


def _without_nan(together: list[Candles], features: Mapping[str, Column]) -> tuple[list[Candles], Mapping[str, Column]]:
    """Only the rows at which every feature is a number."""
    holed = [column for column in features.values() if has_nan(column)]
    if not holed:
        return together, features
    kept = ~np.logical_or.reduce([np.isnan(column) for column in holed])
    first, count = int(np.argmax(kept)), int(np.count_nonzero(kept))
    if count and kept[first : first + count].all():
        here = slice(first, first + count)
        return [each.rows(here.start, here.stop) for each in together], {n: c[here] for n, c in features.items()}
    places = np.flatnonzero(kept)
    return [_at(each, places) for each in together], {name: column[places] for name, column in features.items()}


def _at(candles: Candles, places: NDArray[np.int64]) -> Candles:
    return Candles(candles.interval_s, *(column[places] for column in candles.columns))
