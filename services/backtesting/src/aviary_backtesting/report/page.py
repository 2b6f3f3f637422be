"""The page around the charts."""

import importlib.resources
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import orjson
from jinja2 import Environment, Template
from markupsafe import Markup

from aviary_backtesting.report.figures import Figure, equity_figure, held_figure, price_figure
from aviary_backtesting.report.told import Number, Told

CARDS: Final = (
    ("Net PnL", "net_pnl_quote", "+.2f"),
    ("Return", "net_pnl", "+.2%"),
    ("Max drawdown", "max_drawdown", ".2%"),
    ("Sharpe (annual)", "sharpe", ".2f"),
    ("Sortino (annual)", "sortino", ".2f"),
    ("Profit factor", "profit_factor", ".2f"),
    ("Accuracy", "accuracy", ".1%"),
    ("Positions", "total_positions", ",.0f"),
    ("Volume", "total_volume", ",.0f"),
    ("Fees", "total_fees_quote", ",.2f"),
    ("Exposure", "exposure", ".1%"),
    ("Buy and hold", "buy_and_hold", "+.2%"),
)
COMPARED: Final = (
    "net_pnl_quote",
    "net_pnl",
    "total_positions",
    "accuracy",
    "profit_factor",
    "total_volume",
    "total_fees_quote",
    "max_drawdown_usd",
    "sharpe_ratio",
)


def rendered(told: Told) -> str:
    """Everything in one file: text of the user's is escaped, in the markup and in the script."""
    numbers = {**told.summary, **told.metrics}
    return _template().render(
        title=told.title,
        facts=told.facts,
        warnings=told.warnings,
        cards=[(name, _shown(numbers[key], form)) for name, key, form in CARDS if key in numbers],
        tables=[("By side", _table(told.by_side)), ("By close type", _table(told.by_close_type))],
        compared=_compared(told.summary, told.reference),
        config=sorted((name, _plain(value)) for name, value in told.config.items()),
        figures=_script_json(_figures(told)),
        plotly=Markup(_resource("plotly", "package_data/plotly.min.js")),  # noqa: S704 - the library itself
    )


def _figures(told: Told) -> Mapping[str, Figure]:
    figures = {"price": price_figure(told.candles, told.executors), "equity": equity_figure(told.series)}
    if told.held:
        figures["held"] = held_figure(told.held)
    return figures


def _compared(
    summary: Mapping[str, Number], reference: Mapping[str, Number] | None
) -> Sequence[tuple[str, str, str]] | None:
    if reference is None:
        return None
    return [
        (name.replace("_", " "), _plain(reference[name]), _plain(summary[name]))
        for name in COMPARED
        if name in summary and name in reference
    ]


def _table(rows: Mapping[str, Mapping[str, Number]]) -> Sequence[Sequence[str]]:
    if not rows:
        return []
    names = list(next(iter(rows.values())))
    head = ["", *(name.replace("_", " ") for name in names)]
    return [head, *([title, *(_plain(row[name]) for name in names)] for title, row in rows.items())]


def _shown(value: Number, form: str) -> str:
    return "none" if value is None else format(value, form)


def _plain(value: object) -> str:
    if value is None:
        return "none"
    return f"{value:,.6g}" if isinstance(value, float) else str(value)


def _script_json(value: object) -> Markup:
    """JSON that cannot end the script it stands in."""
    text = orjson.dumps(value).decode()
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704 - escaped


@cache
def _template() -> Template:
    return Environment(autoescape=True).from_string(_resource("aviary_backtesting.report", "page.html"))


def _resource(package: str, path: str) -> str:
    return importlib.resources.files(package).joinpath(path).read_text(encoding="utf-8")
