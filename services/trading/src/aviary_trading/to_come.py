"""What this service will answer and does not yet, as the API reference lists it."""

from typing import Final

from aviary_common.http.not_yet import not_yet_router

EXECUTORS: Final = not_yet_router(
    "Executors",
    "Executors",
    """
POST /executors create_executor
POST /executors/search search_executors
GET /executors/summary get_executors_summary
GET /executors/performance get_executors_performance
GET /executors/positions/summary get_executor_positions_summary
GET /executors/positions/{connector_name}/{trading_pair} get_executor_position
DELETE /executors/positions/{connector_name}/{trading_pair} clear_executor_position
GET /executors/types/available list_executor_types
GET /executors/types/{executor_type}/config get_executor_config_schema
GET /executors/{executor_id} get_executor
GET /executors/{executor_id}/logs get_executor_logs
POST /executors/{executor_id}/stop stop_executor
""",
)

TO_COME: Final = (EXECUTORS,)
