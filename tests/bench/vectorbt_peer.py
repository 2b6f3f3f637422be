"""The same sweep by vectorbt, in an environment of its own: ``python vectorbt_peer.py CLOSES.npy CONFIGS.npy``.

Its nearest equivalent of bollinger_v1: entries where the close leaves the bands, a stop loss and a take profit; it has
no slots, no cooldown and no time limit. Configs are rows of (stop loss, take profit). Prints configs per second as
JSON: simulating alone, and with return, drawdown, Sharpe ratio, win rate and number of trades.
"""

import json
import sys
import time
from typing import Any

import numpy as np
import vectorbt as vbt

LENGTH, DEVIATIONS = 100, 2.0


def signals(close: Any) -> tuple[Any, Any]:
    bands = vbt.BBANDS.run(close, window=LENGTH, alpha=DEVIATIONS)
    return close < bands.lower.to_numpy().ravel(), close > bands.upper.to_numpy().ravel()


def simulated(close: Any, longs: Any, shorts: Any, configs: Any) -> Any:
    count = len(configs)
    return vbt.Portfolio.from_signals(
        np.repeat(close[:, None], count, axis=1),
        entries=np.repeat(longs[:, None], count, axis=1),
        short_entries=np.repeat(shorts[:, None], count, axis=1),
        sl_stop=configs[:, 0],
        tp_stop=configs[:, 1],
        fees=0.0006,
        size=500.0,
        size_type="value",
        init_cash=1e6,
        freq="1min",
    )


def metrics(portfolio: Any) -> None:
    for told in (
        portfolio.total_return(),
        portfolio.max_drawdown(),
        portfolio.sharpe_ratio(),
        portfolio.trades.win_rate(),
        portfolio.trades.count(),
    ):
        np.asarray(told)


def main(arguments: list[str]) -> None:
    close, configs = np.load(arguments[1]), np.load(arguments[2])
    longs, shorts = signals(close)
    metrics(simulated(close, longs, shorts, configs[:2]))
    started = time.process_time()
    portfolio = simulated(close, longs, shorts, configs)
    simulated_s = time.process_time() - started
    metrics(portfolio)
    whole_s = time.process_time() - started
    print(json.dumps({"simulated": len(configs) / simulated_s, "whole": len(configs) / whole_s}))


if __name__ == "__main__":
    main(sys.argv)
