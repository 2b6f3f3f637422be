"""``/controllers``. Order matters: ``configs`` and ``bots`` come before what could be a type."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from aviary_common.errors import BadRequest, Conflict, NotFound, TooLarge
from aviary_common.http.document import refusals
from aviary_orchestration.configs.bodies import JSON_BODY, ConfigBody
from aviary_orchestration.configs.schemas import ConfigDone, ConfigResponse, Written
from aviary_orchestration.configs.service import Configs
from aviary_orchestration.controllers.bots import BotConfigs
from aviary_orchestration.controllers.kinds import ControllerType
from aviary_orchestration.controllers.schemas import FieldOut
from aviary_orchestration.controllers.service import Controllers
from aviary_orchestration.user_code.bodies import SOURCE_BODY, SourceBody
from aviary_orchestration.user_code.schemas import ControllerOut

router = APIRouter(prefix="/controllers", tags=["Controllers"])


async def controllers_of(request: Request) -> Controllers:
    controllers: Controllers = request.app.state.controllers
    return controllers


async def configs_of(request: Request) -> Configs:
    configs: Configs = request.app.state.controller_configs
    return configs


async def bot_configs_of(request: Request) -> BotConfigs:
    bot_configs: BotConfigs = request.app.state.bot_configs
    return bot_configs


ControllersDep = Annotated[Controllers, Depends(controllers_of)]
ConfigsDep = Annotated[Configs, Depends(configs_of)]
BotConfigsDep = Annotated[BotConfigs, Depends(bot_configs_of)]


@router.get("", operation_id="list_controllers")
async def list_controllers(
    controllers: ControllersDep, controller_type: ControllerType | None = None
) -> dict[str, list[str]]:
    """The names of all controllers by type."""
    return await controllers.names(controller_type)


@router.get(
    "/configs",
    operation_id="list_controller_configs",
    responses=refusals(TooLarge),
    response_model=list[dict[str, Any]],
)
async def list_configs(configs: ConfigsDep) -> ConfigResponse:
    """All configs by name. One that cannot be read says why."""
    return ConfigResponse(await configs.all())


@router.post(
    "/configs",
    operation_id="create_controller_config",
    responses=refusals(Conflict, TooLarge),
    status_code=201,
    openapi_extra=JSON_BODY,
)
async def create_config(configs: ConfigsDep, config: ConfigBody) -> Written:
    """Store a new config under the name that it gives as id or config_name."""
    return await configs.create(config)


@router.get(
    "/configs/{config_id}",
    operation_id="get_controller_config",
    responses=refusals(BadRequest, NotFound, TooLarge),
    response_model=dict[str, Any],
)
async def get_config(configs: ConfigsDep, config_id: str) -> ConfigResponse:
    """One config by its name."""
    return ConfigResponse(await configs.get(config_id))


@router.put(
    "/configs/{config_id}",
    operation_id="replace_controller_config",
    responses=refusals(NotFound, TooLarge),
    openapi_extra=JSON_BODY,
)
async def replace_config(configs: ConfigsDep, config_id: str, config: ConfigBody) -> Written:
    """Replace a config that exists."""
    return await configs.replace(config_id, config)


@router.post(
    "/configs/{config_name}",
    operation_id="put_controller_config",
    responses=refusals(TooLarge),
    status_code=201,
    openapi_extra=JSON_BODY,
)
async def put_config(configs: ConfigsDep, config_name: str, config: ConfigBody) -> Written:
    """Store a config, whether it exists or not."""
    return await configs.put(config_name, config)


@router.delete(
    "/configs/{config_id}", operation_id="delete_controller_config", responses=refusals(BadRequest, NotFound)
)
async def delete_config(configs: ConfigsDep, config_id: str) -> ConfigDone:
    """Bots that run with it keep their own copy."""
    return await configs.delete(config_id)


@router.get(
    "/bots/{bot_name}/configs",
    operation_id="list_bot_controller_configs",
    responses=refusals(BadRequest, NotFound),
    response_model=list[dict[str, Any]],
)
async def list_bot_configs(bots: BotConfigsDep, bot_name: str) -> ConfigResponse:
    """The configs that a bot runs with."""
    return ConfigResponse(await bots.all(bot_name))


@router.post(
    "/bots/{bot_name}/{controller_name}/config",
    operation_id="update_bot_controller_config",
    responses=refusals(NotFound, TooLarge),
    openapi_extra=JSON_BODY,
)
async def update_bot_config(
    bots: BotConfigsDep, bot_name: str, controller_name: str, changes: ConfigBody
) -> ConfigDone:
    """Change fields of a config that a bot runs with."""
    return await bots.update(bot_name, controller_name, changes)


@router.get(
    "/{controller_type}/{controller_name}/config-template",
    operation_id="get_controller_config_template",
    responses=refusals(BadRequest, NotFound, TooLarge),
)
@router.get(
    "/{controller_type}/{controller_name}/config/template",
    operation_id="find_controller_config_template",
    responses=refusals(BadRequest, NotFound, TooLarge),
)
async def get_template(
    controllers: ControllersDep, controller_type: ControllerType, controller_name: str
) -> dict[str, FieldOut]:
    """The fields of the controller's config, and what they are when nobody says."""
    return await controllers.template(controller_type, controller_name)


@router.post(
    "/{controller_type}/{controller_name}/config/validate",
    operation_id="validate_controller_config",
    responses=refusals(NotFound, TooLarge),
    openapi_extra=JSON_BODY,
)
async def validate_config(
    controllers: ControllersDep, controller_type: ControllerType, controller_name: str, config: ConfigBody
) -> ConfigDone:
    """Whether the controller would take this config."""
    return await controllers.validate(controller_type, controller_name, config)


@router.get(
    "/{controller_type}/{controller_name}",
    operation_id="get_controller",
    responses=refusals(BadRequest, NotFound, TooLarge),
)
async def get_controller(
    controllers: ControllersDep, controller_type: ControllerType, controller_name: str
) -> ControllerOut:
    """A controller\'s source."""
    return await controllers.get(controller_type, controller_name)


@router.post(
    "/{controller_type}/{controller_name}",
    operation_id="put_controller",
    responses=refusals(TooLarge),
    status_code=201,
    openapi_extra=SOURCE_BODY,
)
async def put_controller(
    controllers: ControllersDep, controller_type: ControllerType, controller_name: str, source: SourceBody
) -> ConfigDone:
    """Store a controller's source. It must be Python; it is not run."""
    return await controllers.put(controller_type, controller_name, source)


@router.delete(
    "/{controller_type}/{controller_name}", operation_id="delete_controller", responses=refusals(BadRequest, NotFound)
)
async def delete_controller(
    controllers: ControllersDep, controller_type: ControllerType, controller_name: str
) -> ConfigDone:
    """Bots that run it keep what they have loaded."""
    return await controllers.delete(controller_type, controller_name)
