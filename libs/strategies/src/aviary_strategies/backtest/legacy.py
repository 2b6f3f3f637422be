"""A result in the reference engine's own form, which its clients read."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from enum import Enum
from typing import Any, Final

import numpy as np

from aviary_strategies.actions import Barriers, Spec
from aviary_strategies.backtest.base58 import base58
from aviary_strategies.backtest.executors import KINDS, entry_of, market_of, side_of
from aviary_strategies.backtest.result import Hold, Result
from aviary_strategies.candles import Column

_TERMINATED: Final = 4
_CANDLE: Final = ("timestamp", "open", "high", "low", "close", "volume")
_COUNTS: Final = ("active_executors", "n_holds")
Body = dict[str, Any]


def legacy_body(result: Result) -> Body:
    """JSON-able: enums by number, NaN as 0. Candles come twice in ``processed_data``, as they do there."""
    return {
        "executors": [_executor(result, place) for place in range(len(result.executors))],
        "processed_data": _processed(result),
        "results": dict(result.summary),
        "position_holds": [_hold(hold) for hold in result.positions],
        "position_held_timeseries": _points(result.position_series),
        "pnl_timeseries": _points(
            {name: column for name, column in result.series.items() if name not in ("equity", "drawdown")}
        ),
    }


def executor_id(digest: str, number: int) -> str:
    """The same run names its executors the same on every machine."""
    return base58(hashlib.sha256(f"{digest}/{number}".encode()).digest())


def _executor(result: Result, place: int) -> Body:
    executors = result.executors
    spec = executors.spec(place)
    side = side_of(spec)
    name = executor_id(result.digest, int(executors.number[place]))
    created, closed = float(executors.created_s[place]), float(executors.closed_s[place])
    is_filled = executors.fill_row[place] >= 0
    return {
        "id": name,
        "timestamp": created,
        "type": KINDS[type(spec)],
        "status": _TERMINATED,
        "config": {"id": name, "type": KINDS[type(spec)], "timestamp": created, "controller_id": "main", **_spec(spec)},
        "net_pnl_pct": float(executors.net_pnl_pct[place]),
        "net_pnl_quote": float(executors.net_pnl_quote[place]),
        "cum_fees_quote": float(executors.fees_quote[place]),
        "filled_amount_quote": float(executors.filled_quote[place]),
        "is_active": False,
        "is_trading": False,
        "custom_info": {
            "close_price": float(executors.close_price[place]),
            "level_id": spec.level_id,
            "side": side and int(side),
            "current_position_average_price": entry_of(spec)[1],
            "open_order_last_update": float(executors.fill_s[place]) if is_filled else closed,
        },
        "close_timestamp": closed,
        "close_type": int(executors.close_type[place]),
        "controller_id": None,
        "side": side and int(side),
    }


def _spec(spec: Spec) -> Body:
    """Its fields by the reference's names, the market spelled out."""
    told = {name: _plain(value) for name, value in asdict(spec).items()}
    told.pop("entry_price_rest", None)
    for name in ("market", "buying", "selling"):
        told.pop(name, None)
    market = market_of(spec)
    told |= {"connector_name": market.connector_name, "trading_pair": market.trading_pair}
    if isinstance(barriers := getattr(spec, "barriers", None), Barriers):
        told.pop("barriers")
        told["triple_barrier_config"] = _barriers(barriers)
        told.setdefault("activation_bounds", None)
    return told


def _barriers(barriers: Barriers) -> Body:
    trailing = barriers.trailing
    return {
        "stop_loss": barriers.stop_loss,
        "take_profit": barriers.take_profit,
        "time_limit": barriers.time_limit,
        "trailing_stop": trailing and {"activation_price": trailing.activation, "trailing_delta": trailing.delta},
        "open_order_type": int(barriers.open_order_type),
        "take_profit_order_type": int(barriers.take_profit_order_type),
        "stop_loss_order_type": 1,
        "time_limit_order_type": 1,
    }


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _processed(result: Result) -> Body:
    features = dict(result.features)
    keys = [str(ts) for ts in features["timestamp"].tolist()]
    rows = len(keys)
    if len(features) == len(_CANDLE):
        features |= {
            "reference_price": features["close"],
            "spread_multiplier": np.ones(rows),
            "signal": np.zeros(rows),
        }
    columns = {f"{name}_bt": features[name] for name in _CANDLE} | features
    return {
        name: dict(zip(keys, np.nan_to_num(column, posinf=0.0, neginf=0.0).tolist(), strict=True))
        for name, column in columns.items()
    }


def _points(series: Mapping[str, Column]) -> list[Body]:
    names = list(series)
    columns = [_values(name, column) for name, column in series.items()]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _values(name: str, column: Column) -> list[float]:
    values: list[float] = (column.astype(np.int64) if name in _COUNTS else column).tolist()
    return values


def _hold(hold: Hold) -> Body:
    return {
        "connector_name": hold.market.connector_name,
        "trading_pair": hold.market.trading_pair,
        "buy_amount_base": hold.buy_amount_base,
        "buy_amount_quote": hold.buy_amount_quote,
        "sell_amount_base": hold.sell_amount_base,
        "sell_amount_quote": hold.sell_amount_quote,
        "net_amount_base": hold.net_amount_base,
        "cum_fees_quote": hold.fees_quote,
        "volume_traded_quote": hold.volume_quote,
        "is_closed": hold.is_closed,
        "n_executors": hold.n_executors,
    }
