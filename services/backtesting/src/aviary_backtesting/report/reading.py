"""From a run's record and parts to what its report tells."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO

import polars as pl

from aviary_backtesting.report.told import Number, Told
from aviary_backtesting.results.parts import PartName
from aviary_backtesting.results.service import Results
from aviary_backtesting.runs.run import Run
from aviary_strategies.types import CloseType, Side

_PRICES = ("timestamp", "open", "high", "low", "close")
_TRADED = (
    "trading_pair", "side", "amount", "close_type", "created_s", "fill_s", "fill_price", "closed_s", "close_price",
    "net_pnl_quote",
)  # fmt: skip
_CLOSE_NAMES = {each.value: each.name for each in CloseType}


async def told_of(run: Run, results: Results) -> Told:
    """Raises ``Conflict`` for a run without a result."""

    async def part(name: PartName, columns: Sequence[str] | None) -> pl.DataFrame:
        return pl.read_parquet(BytesIO(await results.part(run, name, columns, None, "parquet")))

    executors = await part(PartName.EXECUTORS, _TRADED)
    series = await part(PartName.SERIES, None)
    reference = await part(PartName.REFERENCE, None)
    tables = run.tables or {}
    return Told(
        title=f"{run.controller_name} {run.spec.config.get('trading_pair', '')}".strip(),
        facts=_facts(run),
        warnings=run.warnings or [],
        summary=_numbers(run.summary),
        metrics=_numbers(run.metrics),
        by_side=tables.get("by_side", {}),
        by_close_type=tables.get("by_close_type", {}),
        reference=reference.row(0, named=True) if reference.height else None,
        config=run.spec.config,
        candles=await part(PartName.FEATURES, _PRICES),
        executors=executors.with_columns(pl.col("close_type").replace_strict(_CLOSE_NAMES, return_dtype=pl.String)),
        series=_with_drawdown(series),
        held=_held(executors, await part(PartName.POSITION_SERIES, None)),
    )


def _held(executors: pl.DataFrame, kept: pl.DataFrame) -> Mapping[str, pl.DataFrame]:
    """By executors between their entry and their end, pair by pair, and as positions that outlive their executors."""
    filled = executors.filter(pl.col("fill_s") > 0)
    signed = pl.col("amount") * pl.when(pl.col("side") == Side.BUY).then(1.0).otherwise(-1.0)
    steps = pl.concat(
        [filled.select("trading_pair", timestamp=at, by=by) for at, by in (("fill_s", signed), ("closed_s", -signed))]
    )
    lines = {
        f"executors, {pair}": these.sort("timestamp").select("timestamp", net_amount=pl.col("by").cum_sum())
        for (pair,), these in sorted(steps.partition_by("trading_pair", as_dict=True).items())
    }
    return {**lines, "kept": kept} if kept.height else lines


def _with_drawdown(series: pl.DataFrame) -> pl.DataFrame:
    """Compat marks nothing to the market: its equity is what has been closed."""
    equity = "equity" if "equity" in series.columns else "total_pnl"
    return series.select("timestamp", equity=equity).with_columns(
        drawdown=pl.col("equity") - pl.max_horizontal(pl.col("equity").cum_max(), pl.lit(0.0))
    )


def _facts(run: Run) -> Mapping[str, str]:
    coverage = run.coverage or {}
    facts = {
        "run": run.run_id,
        "market": f"{run.spec.config.get('connector_name', '')} {run.spec.config.get('trading_pair', '')}".strip(),
        "from": _day(run.spec.start_s),
        "to": _day(run.spec.end_s),
        "resolution": run.spec.resolution,
        "mode": run.spec.mode,
        "costs": ", ".join(f"{name} {value:g}" for name, value in sorted(run.spec.costs.items())),
        "coverage": f"{coverage['fraction']:.2%}" if "fraction" in coverage else "",
        "funding": _funding(run),
        "engine": run.engine_version or "",
        "candles": run.candle_digest or "",
        "digest": run.digest or "",
    }
    return {name: text for name, text in facts.items() if text}


def _funding(run: Run) -> str:
    """Settlements and the sum of their rates, of each market that has them."""
    told = [each for each in run.venue_terms or [] if each["settlements"]]
    return ", ".join(
        f"{each['trading_pair']} {each['settlements']} times, {each['funding_rate_sum']:+.4%} in all" for each in told
    )


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _numbers(values: Mapping[str, object] | None) -> Mapping[str, Number]:
    return {name: value for name, value in (values or {}).items() if value is None or isinstance(value, int | float)}
