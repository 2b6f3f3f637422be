"""What the user sees of a sweep."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.table import Table
from rich.text import Text

from aviary_local.bar import LiveBar
from aviary_local.sweep_api import Sweep

METRICS: Final = (("net PnL", "net_pnl_quote"), ("sharpe", "sharpe"), ("max drawdown", "max_drawdown"))


class Bar(LiveBar):
    """Configs done, their pace and when the others will be."""

    def __init__(self, console: Console) -> None:
        columns = (
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}"),
            TextColumn("{task.fields[left]}"),
        )  # fmt: skip
        super().__init__(console, *columns, transient=True)

    def followed(self, states: Iterable[Sweep]) -> Sweep:
        """The sweep as it was at the end."""
        task = self._progress.add_task("", pace="", left="")
        sweep: Sweep | None = None
        for sweep in states:
            pace, left = sweep.answer["configs_per_s"], sweep.answer["eta_s"]
            self._progress.update(
                task,
                description=escape(sweep.name),
                completed=sweep.done,
                total=sweep.total,
                pace=f"{pace:,.0f} configs/s" if pace else sweep.status,
                left=f"{_duration(left)} left" if left is not None else "",
            )
        assert sweep is not None  # noqa: S101 - it begins with the one that was started
        return sweep


def table(sweep: Sweep, top: int) -> Table:
    """The best, by the objective in sample; beside it what they brought where they were not chosen."""
    best = sweep.result.get("best", [])[:top]
    fields = list(dict.fromkeys(name for each in best for name in each["point"]))
    metrics = _metrics(str(sweep.answer["objective"]))
    found = Table(box=None, header_style="dim", pad_edge=False)
    for name in fields:
        found.add_column(name, overflow="fold")
    for label, _ in metrics:
        found.add_column(f"{label}\nIN", justify="right")
        found.add_column(f"{label}\nOUT", justify="right")
    found.add_column("deflated\nSHARPE", justify="right")
    for each in best:
        cells = [_short(each["point"].get(name, "")) for name in fields]
        for _, name in metrics:
            cells += [_number(each["in_sample"], name), _number(each["out_of_sample"], name)]
        found.add_row(*cells, _number(each, "deflated_sharpe"))
    return found


def last_word(sweep: Sweep) -> Text:
    told = f"Sweep {sweep.id} {sweep.status}: {sweep.done:,} of {sweep.total:,} configs"
    if sweep.status != "completed":
        return Text(f"{told}. {sweep.error or ''}".rstrip(), "red")
    invalid = sweep.answer["invalid"]
    pace = sweep.answer["configs_per_s"]
    words = Text(f"{told}{f', {pace:,.0f} a second' if pace else ''}{f', {invalid:,} invalid' if invalid else ''}.")
    words.stylize("green")
    luck = (sweep.result.get("best") or [{}])[0].get("sharpe_by_luck")
    if luck is not None:
        words.append(f"\nThe best of so many tries has a Sharpe ratio of {luck:.2f} by luck alone.", "yellow")
    return words


def _metrics(objective: str) -> list[tuple[str, str]]:
    """The objective first."""
    label = next((each for each, name in METRICS if name == objective), objective.replace("_", " "))
    return [(label, objective), *(each for each in METRICS if each[1] != objective)]


def _number(told: Mapping[str, Any] | None, name: str) -> str:
    value = (told or {}).get(name)
    return f"{value:,.3f}" if isinstance(value, int | float) else "-"


def _short(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
