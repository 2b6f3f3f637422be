"""What a search keeps of each config and segment."""

from collections.abc import Mapping
from typing import Final

from aviary_strategies.backtest.model import Mode
from aviary_strategies.backtest.result import Result

METRICS: Final = (
    "net_pnl_quote",
    "net_pnl",
    "sharpe",
    "sortino",
    "calmar",
    "max_drawdown",
    "profit_factor",
    "accuracy",
    "total_positions",
    "total_volume",
    "fees_quote",
    "exposure",
)
"""``net_pnl`` and ``max_drawdown`` (at least 0) are shares of the capital. In honest they follow the equity, open
positions included, and the ratios are annualised. Compat has the reference engine's: ``sharpe`` is that of levels, and
``sortino``, ``calmar`` and ``exposure`` are NaN."""
SMALLEST_IS_BEST: Final = frozenset({"max_drawdown", "fees_quote"})
_IN_SUMMARY: Final = ("profit_factor", "accuracy", "total_positions", "total_volume")


def row_of(result: Result) -> tuple[float, ...]:
    """In the order of ``METRICS``; what cannot be divided is NaN."""
    told = _compat(result) if result.mode is Mode.COMPAT else dict(result.metrics)
    told.update({name: _float(result.summary[name]) for name in _IN_SUMMARY})
    return tuple(_float(told.get(name)) for name in METRICS)


def _compat(result: Result) -> dict[str, float | None]:
    summary = result.summary
    return {
        "net_pnl_quote": _float(summary["net_pnl_quote"]),
        "net_pnl": _float(summary["net_pnl"]),
        "sharpe": _float(summary["sharpe_ratio"]),
        "max_drawdown": -_float(summary["max_drawdown_pct"]),
        "fees_quote": _float(summary["total_fees_quote"]),
    }


def _float(value: float | Mapping[str, int] | None) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
