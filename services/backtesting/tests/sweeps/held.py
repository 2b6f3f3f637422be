"""Shards that wait: the first ones are let through, every further one waits for the gate."""

from collections.abc import Callable
from typing import Any

from services.backtesting.tests.gated import Gate

from aviary_backtesting.engine.strategies import StrategiesEngine
from aviary_backtesting.sweeps.work import Computed

FREE = 2
FREE_VARIABLE = "TEST_FREE_SHARDS"


class ColdEngine(StrategiesEngine):
    def is_compiled(self) -> bool:
        return True

    def warm(self) -> None:
        """The kernels come when they are needed."""


def held(gate: Gate, compute: Callable[..., Computed], free: int = FREE) -> Callable[..., Computed]:
    done = 0

    def wait_and_compute(*arguments: Any) -> Computed:
        nonlocal done
        done += 1
        if done > free:
            gate.wait(arguments[-1])
        return compute(*arguments)

    return wait_and_compute
