"""What this service will answer and does not yet, as the API reference lists it."""

from typing import Final

from aviary_common.http.not_yet import not_yet_router

BACKTESTS: Final = not_yet_router(
    "Backtesting",
    "Backtests",
    """
POST /backtesting/run-backtesting
POST /backtesting/run
POST /backtesting/tasks
GET /backtesting/tasks
GET /backtesting/tasks/{task_id}
DELETE /backtesting/tasks/{task_id}
""",
)

TO_COME: Final = (BACKTESTS,)
