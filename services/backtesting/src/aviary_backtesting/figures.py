"""How many runs and sweeps wait and run."""

from typing import Final

from aviary_backtesting.runs.states import Status
from aviary_backtesting.runs.tables import IS_UNFINISHED as RUN_IS_UNFINISHED
from aviary_backtesting.runs.tables import run_table
from aviary_backtesting.sweeps.tables import IS_UNFINISHED as SWEEP_IS_UNFINISHED
from aviary_backtesting.sweeps.tables import sweep_table
from aviary_common.jobs import JobFigures
from aviary_common.runtime import Runtime

RUNS: Final = "backtest"
SWEEPS: Final = "sweep"


def register_queues(runtime: Runtime) -> None:
    waiting = [Status.PENDING.value]
    for counted in (
        JobFigures(RUNS, run_table, run_table.c.status, waiting=waiting, unfinished=RUN_IS_UNFINISHED),
        JobFigures(SWEEPS, sweep_table, sweep_table.c.status, waiting=waiting, unfinished=SWEEP_IS_UNFINISHED),
    ):
        counted.register(runtime.figures, runtime.database)
