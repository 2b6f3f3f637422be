"""Who may do what with bots. Running one with an account's keys is trading on that account. Code, images, containers,
archives and the machine are the administrator's, to change and, where they could tell secrets, to look at."""

from aviary_common.access import Rights

RIGHTS = Rights(
    reading="""
        POST /controllers/{controller_type}/{controller_name}/config/validate
    """,
    trade="""
        POST /bot-orchestration/deploy-v2-script
        POST /bot-orchestration/deploy-v2-controllers
        POST /bot-orchestration/start-bot
        POST /bot-orchestration/stop-bot
        POST /bot-orchestration/stop-and-archive-bot/{bot_name}
        POST /controllers/bots/{bot_name}/{controller_name}/config
        POST /controllers/configs
        POST /controllers/configs/{config_name}
        PUT /controllers/configs/{config_id}
        DELETE /controllers/configs/{config_id}
        POST /scripts/configs
        POST /scripts/configs/{config_name}
        PUT /scripts/configs/{config_id}
        DELETE /scripts/configs/{config_id}
    """,
    admin="""
        GET /docker/containers/{container_name}/logs
        GET /docker/containers/{container_name}/logs/follow
        GET /system/resources
        GET /storage
    """,
    restricted="""
        GET /docker/running
        POST /bot-orchestration/deploy-v2-script
        POST /bot-orchestration/deploy-v2-controllers
        POST /bot-orchestration/start-bot
        POST /bot-orchestration/stop-bot
        POST /bot-orchestration/stop-and-archive-bot/{bot_name}
        GET /bot-orchestration/status
        GET /bot-orchestration/bot-runs
        GET /bot-orchestration/bot-runs/{bot_run_id}
        GET /bot-orchestration/{bot_name}/status
        GET /bot-orchestration/{bot_name}/history
        GET /bot-orchestration/{bot_name}/archiving
        GET /bot-orchestration/{bot_name}/diagnosis
        GET /bot-orchestration/{bot_name}/events
        GET /bot-orchestration/{bot_name}/notifications
        GET /bot-orchestration/{bot_name}/logs
        GET /controllers/bots/{bot_name}/configs
        POST /controllers/bots/{bot_name}/{controller_name}/config
        GET /controllers
        GET /controllers/configs
        GET /controllers/configs/{config_id}
        GET /controllers/{controller_type}/{controller_name}
        GET /controllers/{controller_type}/{controller_name}/config/template
        GET /controllers/{controller_type}/{controller_name}/config-template
        POST /controllers/{controller_type}/{controller_name}/config/validate
        GET /scripts
        GET /scripts/configs
        GET /scripts/configs/{config_id}
        GET /scripts/{script_name}
        GET /scripts/{script_name}/config/template
        GET /scripts/{script_name}/config-template
    """,
)
