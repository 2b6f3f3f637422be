"""What this service will answer and does not yet, as the API reference lists it."""

from typing import Final

from aviary_common.http.not_yet import not_yet_router

EXECUTORS: Final = not_yet_router(
    "Executors",
    "Executors",
    """
POST /executors
POST /executors/search
GET /executors/summary
GET /executors/performance
GET /executors/positions/summary
GET /executors/positions/{connector_name}/{trading_pair}
DELETE /executors/positions/{connector_name}/{trading_pair}
GET /executors/types/available
GET /executors/types/{executor_type}/config
GET /executors/{executor_id}
GET /executors/{executor_id}/logs
POST /executors/{executor_id}/stop
""",
)

TO_COME: Final = (EXECUTORS,)
