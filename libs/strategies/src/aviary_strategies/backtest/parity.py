"""``python -m aviary_strategies.backtest.parity [FOLDER]``: compat mode against what the reference engine answered."""

import sys
import time
from pathlib import Path

from aviary_strategies.backtest.golden import candles_in, equal_executors, golden_in, unequal_metrics, unequal_series
from aviary_strategies.backtest.model import REFERENCE_RELEASE
from aviary_strategies.backtest.run import run

DEFAULT = "libs/strategies/tests/golden"
ROUNDS = 5
_LINE = "{:<14} {:>13} {:>9} {:>8} {:>10} {:>13} {:>9}"


def main(folder: Path) -> int:
    """0 when all is equal; prints a line for each controller."""
    candles = candles_in(folder)
    names = ("controller", "executors", "metrics", "series", "ours, ms", "reference, s", "times")
    print(f"Compat mode against the reference engine, release {REFERENCE_RELEASE}")  # noqa: T201 - a command
    print(_LINE.format(*names))  # noqa: T201
    differences: list[str] = []
    for golden in golden_in(folder):
        given = golden.candles(candles)
        spent = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            result = run(golden.setup, given)
            spent.append(time.perf_counter() - begun)
        total = len(golden.executors["side"])
        equal = equal_executors(golden, result.executors)
        metrics, series = unequal_metrics(golden, result), unequal_series(golden, result)
        counts = (
            f"{equal}/{total}",
            f"{len(golden.summary) - len(metrics)}/{len(golden.summary)}",
            f"{len(result.series) - len(series)}/{len(result.series)}",
        )
        speed = (f"{min(spent) * 1e3:.2f}", f"{golden.reference_s:.2f}", f"{golden.reference_s / min(spent):,.0f}")
        print(_LINE.format(golden.name, *counts, *speed))  # noqa: T201
        differences += [f"{golden.name}: {name}" for name in (*metrics, *series)]
        if equal < total:
            differences.append(f"{golden.name}: {total - equal} executors")
    for difference in differences:
        print("differs:", difference)  # noqa: T201
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else DEFAULT)))
