"""Who may do what with backtests: they belong to no account. Asking for one needs ``trade``: it takes processor time
and room that everybody shares, which a reader's login on a dashboard should not be able to use up."""

from aviary_common.access import EVERY_ROUTE, Rights

RIGHTS = Rights(
    reading="""
        POST /backtesting/candles
    """,
    trade="""
        POST /backtesting/runs
        POST /backtesting/runs/{run_id}/cancel
        DELETE /backtesting/runs/{run_id}
        POST /backtesting/sweeps
        POST /backtesting/sweeps/{sweep_id}/cancel
        DELETE /backtesting/sweeps/{sweep_id}
        POST /backtesting/run
        POST /backtesting/run-backtesting
        POST /backtesting/tasks
        DELETE /backtesting/tasks/{task_id}
    """,
    restricted=EVERY_ROUTE,
)
