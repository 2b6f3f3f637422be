"""A result of ``aviary_strategies`` as the service keeps it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from math import isfinite
from typing import TYPE_CHECKING, Any

import orjson

from aviary_backtesting.results.parts import PartName
from aviary_backtesting.runs.spec import Json
from aviary_backtesting.venue_terms.terms import VenueTerms

if TYPE_CHECKING:
    import polars as pl

    from aviary_strategies.backtest.executors import Executors
    from aviary_strategies.backtest.result import Hold, Result
    from aviary_strategies.backtest.summary import Summary


class StrategiesOutcome:
    def __init__(
        self, result: "Result", terms: VenueTerms, reference: "Callable[[], Summary | None]" = lambda: None
    ) -> None:
        """``reference`` is asked for when that part is made."""
        self._result = result
        self._reference = reference
        self.engine_version = result.engine_version
        self.candle_digest = result.candle_digest
        self.digest = result.digest
        self.summary: Json = plain(result.summary)
        self.metrics: Json = plain(result.metrics)
        self.tables: Json = plain(result.tables)
        self.venue_terms: list[Json] = terms.told
        self.warnings: list[str] = [*terms.warnings, *_refusals(result)]
        self.coverage: Json = {**plain(asdict(result.coverage)), "fraction": result.coverage.fraction}

    def part(self, name: str) -> "pl.DataFrame":
        """Those of a row per candle are given away: a run's columns and all its files are too much to hold at once."""
        import polars as pl

        result = self._result
        match PartName(name):
            case PartName.EXECUTORS:
                return _executors(result.executors)
            case PartName.SERIES:
                self._result = replace(result, series={})
                return pl.DataFrame(dict(result.series))
            case PartName.FEATURES:
                self._result = replace(result, features={})
                return pl.DataFrame(dict(result.features))
            case PartName.POSITION_SERIES:
                return pl.DataFrame(dict(result.position_series))
            case PartName.REFERENCE:
                return _one_row(self._reference())
            case PartName.POSITIONS:
                return _positions(result.positions)

    def legacy(self) -> bytes:
        from aviary_strategies.backtest.legacy import legacy_body

        return orjson.dumps(legacy_body(self._result), option=orjson.OPT_SERIALIZE_NUMPY)


def _refusals(result: "Result") -> list[str]:
    if not result.refused:
        return []
    return [f"{result.refused:,} orders were smaller than the market takes: they were not placed."]


def _one_row(summary: "Summary | None") -> "pl.DataFrame":
    import polars as pl

    return pl.DataFrame({name: [value] for name, value in (summary or {}).items() if isinstance(value, int | float)})


def _positions(holds: "Sequence[Hold]") -> "pl.DataFrame":
    import polars as pl

    rows = [{**hold.market._asdict(), **asdict(hold)} for hold in holds]
    return pl.DataFrame([{name: value for name, value in row.items() if name != "market"} for row in rows])


def _executors(executors: "Executors") -> "pl.DataFrame":
    """A row each; what they were created with stands in ``level``, ``type`` and the market."""
    import polars as pl

    from aviary_strategies.backtest.executors import market_of

    markets = [market_of(template) for template in executors.templates]
    places = executors.template.tolist()
    return pl.DataFrame(
        {
            **executors.columns,
            "type": pl.Series(executors.kinds, dtype=pl.String),
            "level_id": pl.Series(executors.levels, dtype=pl.String),
            "connector_name": pl.Series([markets[place].connector_name for place in places], dtype=pl.String),
            "trading_pair": pl.Series([markets[place].trading_pair for place in places], dtype=pl.String),
        }
    )


def plain(values: Mapping[str, Any]) -> Json:
    """As JSON has it; a number that JSON does not have is null."""
    found: Json = orjson.loads(orjson.dumps(_finite(values), option=orjson.OPT_SERIALIZE_NUMPY))
    return found


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _finite(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not isfinite(value) else value
