"""The charts, as plotly's JSON."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from aviary_backtesting.report.thinning import fewer_candles, weightiest
from aviary_backtesting.results.thinning import thinned

Figure = dict[str, Any]
WON, LOST, LONG, SHORT, LINE = "#0f9d76", "#d0453f", "#0f9d76", "#d0453f", "#3867d6"
POINTS: Final = 4_000
AXIS: Final = {"gridcolor": "rgba(128,128,128,.18)", "zeroline": False}
LAYOUT: Final = {
    "margin": {"l": 64, "r": 16, "t": 8, "b": 36},
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "legend": {"orientation": "h", "y": 1.06},
    "hovermode": "closest",
    "dragmode": "pan",
    "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": "#98a2b3", "activecolor": "#3867d6"},
}


def price_figure(candles: pl.DataFrame, executors: pl.DataFrame) -> Figure:
    """Candles, entries and exits, and a line from each entry to its exit: won or lost."""
    shown = fewer_candles(candles)
    traded = weightiest(executors.filter(pl.col("fill_s") > 0))
    data: list[Figure] = [
        {
            "type": "candlestick",
            "name": "price",
            "x": _times(shown["timestamp"]),
            **{name: shown[name].to_list() for name in ("open", "high", "low", "close")},
            "increasing": {"line": {"color": "#8a94a6", "width": 1}, "fillcolor": "rgba(0,0,0,0)"},
            "decreasing": {"line": {"color": "#8a94a6", "width": 1}, "fillcolor": "#8a94a6"},
        }
    ]
    for name, colour, these in (
        ("won", WON, traded.filter(pl.col("net_pnl_quote") > 0)),
        ("lost", LOST, traded.filter(pl.col("net_pnl_quote") <= 0)),
    ):
        data.append(_segments(name, colour, these))
    for side, name, symbol, colour in ((1, "long", "triangle-up", LONG), (2, "short", "triangle-down", SHORT)):
        data.append(_entries(f"{name} entry", symbol, colour, traded.filter(pl.col("side") == side)))
    data.extend(
        _exits(str(name), these) for (name,), these in sorted(traded.partition_by("close_type", as_dict=True).items())
    )
    return {"data": data, "layout": _layout(460, "price", rangeslider=False)}


def equity_figure(series: pl.DataFrame) -> Figure:
    """Equity above, drawdown below, both in quote."""
    equity, drawdown = (_thin(series, name) for name in ("equity", "drawdown"))
    layout = _layout(360, "equity")
    layout["yaxis"] = {**AXIS, "title": {"text": "equity"}, "domain": [0.36, 1]}
    layout["xaxis"]["anchor"] = "y2"
    layout["yaxis2"] = {**AXIS, "title": {"text": "drawdown"}, "domain": [0, 0.3], "anchor": "x"}
    return {
        "data": [
            _line("equity", equity, "equity", LINE),
            {**_line("drawdown", drawdown, "drawdown", LOST), "yaxis": "y2", "fill": "tozeroy"},
        ],
        "layout": layout,
    }


def held_figure(held: Mapping[str, pl.DataFrame]) -> Figure:
    """The net amounts held, in base."""
    lines = [_line(name, _thin(steps, "net_amount"), "net_amount", None) for name, steps in held.items()]
    for line in lines:
        line["line"] |= {"shape": "hv"}
    return {"data": [{**line, "fill": "tozeroy"} for line in lines], "layout": _layout(220, "base held")}


def _thin(series: pl.DataFrame, column: str) -> pl.DataFrame:
    return thinned(series.select("timestamp", column), POINTS)


def _layout(height: int, title: str, *, rangeslider: bool = True) -> Figure:
    layout: Figure = {**LAYOUT, "height": height, "xaxis": {**AXIS}, "yaxis": {**AXIS, "title": {"text": title}}}
    if not rangeslider:
        layout["xaxis"]["rangeslider"] = {"visible": False}
    return layout


def _line(name: str, frame: pl.DataFrame, column: str, colour: str | None) -> Figure:
    """Without a colour plotly chooses one."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": _times(frame["timestamp"]),
        "y": frame[column].to_list(),
        "line": {"width": 1.4} if colour is None else {"color": colour, "width": 1.4},
    }


def _segments(name: str, colour: str, executors: pl.DataFrame) -> Figure:
    times: list[str | None] = []
    prices: list[float | None] = []
    for opened, closed, paid, got in zip(
        _times(executors["fill_s"]),
        _times(executors["closed_s"]),
        executors["fill_price"].to_list(),
        executors["close_price"].to_list(),
        strict=True,
    ):
        times += [opened, closed, None]
        prices += [paid, got, None]
    line = {"color": colour, "width": 1}
    return {"type": "scattergl", "mode": "lines", "name": name, "x": times, "y": prices, "line": line, "opacity": 0.7}


def _entries(name: str, symbol: str, colour: str, executors: pl.DataFrame) -> Figure:
    return {
        "type": "scattergl",
        "mode": "markers",
        "name": name,
        "x": _times(executors["fill_s"]),
        "y": executors["fill_price"].to_list(),
        "marker": {"symbol": symbol, "size": 8, "color": colour},
    }


def _exits(close_type: str, executors: pl.DataFrame) -> Figure:
    return {
        "type": "scattergl",
        "mode": "markers",
        "name": close_type.lower().replace("_", " "),
        "x": _times(executors["closed_s"]),
        "y": executors["close_price"].to_list(),
        "text": [f"{pnl:+.4f}" for pnl in executors["net_pnl_quote"]],
        "marker": {"symbol": "x-thin-open", "size": 7},
    }


def _times(seconds: pl.Series) -> Sequence[str]:
    times: Sequence[str] = (
        (seconds.cast(pl.Float64) * 1000)
        .cast(pl.Int64)
        .cast(pl.Datetime("ms"))
        .dt.strftime("%Y-%m-%d %H:%M:%S")
        .to_list()
    )
    return times
