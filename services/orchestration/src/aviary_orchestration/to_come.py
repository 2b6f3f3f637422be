"""What this service will answer and does not yet, as the API reference lists it."""

from typing import Final

from aviary_common.http.not_yet import not_yet_router

DOCKER: Final = not_yet_router(
    "Docker",
    "Containers",
    """
GET /docker/running
GET /docker/available-images
GET /docker/active-containers
GET /docker/exited-containers
POST /docker/clean-exited-containers
POST /docker/pull-image
POST /docker/containers/{container_name}/start
POST /docker/containers/{container_name}/stop
DELETE /docker/containers/{container_name}
GET /docker/containers/{container_name}/logs
POST /docker/archive-container/{container_name}
POST /docker/start-container/{container_name}
POST /docker/stop-container/{container_name}
POST /docker/remove-container/{container_name}
GET /docker/pull-status
""",
)

BOTS: Final = not_yet_router(
    "Bot orchestration",
    "Bots",
    """
GET /bot-orchestration/status
GET /bot-orchestration/mqtt
POST /bot-orchestration/start-bot
POST /bot-orchestration/stop-bot
POST /bot-orchestration/stop-and-archive-bot/{bot_name}
POST /bot-orchestration/deploy-v2-script
POST /bot-orchestration/deploy-v2-controllers
GET /bot-orchestration/controller-performance-latest
GET /bot-orchestration/controller-performance-history
GET /bot-orchestration/bot-runs
GET /bot-orchestration/bot-runs/stats
GET /bot-orchestration/bot-runs/{bot_run_id}
DELETE /bot-orchestration/bot-runs/{bot_run_id}
GET /bot-orchestration/{bot_name}/status
GET /bot-orchestration/{bot_name}/history
""",
)

CONTROLLERS: Final = not_yet_router(
    "Controllers",
    "Controllers",
    """
GET /controllers
GET /controllers/configs
GET /controllers/configs/{config_id}
POST /controllers/configs
PUT /controllers/configs/{config_id}
DELETE /controllers/configs/{config_id}
POST /controllers/configs/{config_name}
GET /controllers/bots/{bot_name}/configs
POST /controllers/bots/{bot_name}/{controller_name}/config
GET /controllers/{controller_type}/{controller_name}/config-template
GET /controllers/{controller_type}/{controller_name}/config/template
GET /controllers/{controller_type}/{controller_name}
POST /controllers/{controller_type}/{controller_name}
DELETE /controllers/{controller_type}/{controller_name}
POST /controllers/{controller_type}/{controller_name}/config/validate
""",
)

SCRIPTS: Final = not_yet_router(
    "Scripts",
    "Scripts",
    """
GET /scripts
GET /scripts/configs
GET /scripts/configs/{config_id}
POST /scripts/configs
PUT /scripts/configs/{config_id}
DELETE /scripts/configs/{config_id}
POST /scripts/configs/{config_name}
GET /scripts/{script_name}/config-template
GET /scripts/{script_name}/config/template
GET /scripts/{script_name}
POST /scripts/{script_name}
DELETE /scripts/{script_name}
""",
)

ARCHIVES: Final = not_yet_router(
    "Archived bots",
    "Archived bots",
    """
GET /archived-bots
GET /archived-bots/{db_path:path}/status
GET /archived-bots/{db_path:path}/summary
GET /archived-bots/{db_path:path}/performance
GET /archived-bots/{db_path:path}/trades
GET /archived-bots/{db_path:path}/executors-config
GET /archived-bots/{db_path:path}/executors
GET /archived-bots/{db_path:path}/general-data/{table_name}
GET /archived-bots/{db_path:path}/orders
GET /archived-bots/{db_path:path}/positions
GET /archived-bots/{db_path:path}/controllers
DELETE /archived-bots/{db_path:path}
""",
)

SYSTEM: Final = not_yet_router(
    "System",
    "System figures",
    """
GET /system/resources
GET /storage
""",
)

TO_COME: Final = (
    DOCKER,
    BOTS,
    CONTROLLERS,
    SCRIPTS,
    ARCHIVES,
    SYSTEM,
)
