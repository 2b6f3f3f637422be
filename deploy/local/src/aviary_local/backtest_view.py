"""What the user sees of a backtest."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from aviary_local.backtest_api import Run
from aviary_local.bar import LiveBar

PHASES: Final = {None: "waiting for a worker", "candles": "candles", "running": "computing", "saving": "saving"}
MONEY: Final = (
    ("net PnL", "net_pnl_quote"),
    ("net PnL %", "net_pnl"),
    ("fees", "total_fees_quote"),
    ("volume", "total_volume"),
    ("unrealised", "unrealized_pnl_quote"),
)
COUNTS: Final = (("executors", "total_executors"), ("positions", "total_positions"))
RATIOS: Final = (
    ("accuracy", "accuracy"),
    ("profit factor", "profit_factor"),
    ("sharpe", "sharpe"),
    ("sortino", "sortino"),
    ("max drawdown", "max_drawdown_quote"),
    ("max drawdown %", "max_drawdown"),
    ("exposure", "exposure"),
    ("turnover", "turnover"),
    ("buy and hold", "buy_and_hold"),
)
ROWS: Final = (*MONEY, *COUNTS, *RATIOS)
SHARES: Final = frozenset({"net_pnl", "accuracy", "max_drawdown", "exposure", "buy_and_hold"})
THERE: Final = {
    "sharpe": "sharpe_ratio",
    "max_drawdown_quote": "max_drawdown_usd",
    "max_drawdown": "max_drawdown_pct",
}
"""The reference engine's names, by formulas of its own."""


class Bar(LiveBar):
    """Stays on one line: the phase, and how far it is in it."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        super().__init__(console, *columns, transient=True)

    def followed(self, states: Iterable[Run]) -> Run:
        """The run as it was at the end."""
        task = self._progress.add_task("", total=1.0)
        run: Run | None = None
        for run in states:
            done = 1.0 if run.status == "completed" else run.progress
            told = f"{escape(run.name)}: {PHASES.get(run.phase, run.phase)}"
            self._progress.update(task, completed=done, description=told)
        assert run is not None  # noqa: S101 - it begins with the one that was started
        return run


def table(runs: Sequence[Run]) -> Table:
    """A column for each run; only rows that some run has something to say of."""
    found = Table(box=None, header_style="dim", pad_edge=False)
    found.add_column("")
    for run in runs:
        found.add_column("REFERENCE" if run.answer["mode"] == "compat" else "HONEST", justify="right")
    for label, name in ROWS:
        values = [_value(run.answer, name) for run in runs]
        if any(value is not None for value in values):
            found.add_row(label, *(_shown(name, value) for value in values))
    for close_type in _close_types(runs):
        counts = [_told(run.answer, "summary").get("close_types", {}) for run in runs]
        shown = [str(each.get(close_type, 0)) if isinstance(each, Mapping) else "0" for each in counts]
        found.add_row(close_type.lower().replace("_", " "), *shown)
    return found


def last_word(run: Run) -> Text:
    if run.status != "completed":
        return Text(f"Backtest {run.id} {run.status}: {run.error or 'it has no result'}", "red")
    coverage = _told(run.answer, "coverage")
    share = f", {coverage['fraction']:.1%} of the candles" if "fraction" in coverage else ""
    words = Text(f"Backtest {run.id}: {run.answer['start_time']} to {run.answer['end_time']}{share}.", "green")
    for warning in run.answer.get("warnings") or ():
        words.append(f"\n{warning}", "yellow")
    return words


def _value(answer: Mapping[str, Any], name: str) -> float | None:
    """What is honest goes before the reference engine's formula."""
    summary = _told(answer, "summary")
    value = _told(answer, "metrics").get(name, summary.get(name, summary.get(THERE.get(name, name))))
    return float(value) if isinstance(value, int | float) else None


def _told(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return answer.get(name) or {}


def _shown(name: str, value: float | None) -> Text:
    if value is None:
        return Text("-", "dim")
    if name in SHARES:
        text = f"{value:.2%}"
    elif name in ("total_executors", "total_positions"):
        text = f"{value:,.0f}"
    else:
        text = f"{value:,.2f}"
    is_gain = name in ("net_pnl_quote", "net_pnl")
    return Text(text, "" if not is_gain else "green" if value > 0 else "red" if value < 0 else "")


def _close_types(runs: Sequence[Run]) -> list[str]:
    told = [_told(run.answer, "summary").get("close_types", {}) for run in runs]
    return sorted({name for each in told if isinstance(each, Mapping) for name in each})
