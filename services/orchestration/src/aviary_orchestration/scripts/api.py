"""``/scripts``. Order matters: ``configs`` comes before what could be a name."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import JsonValue

from aviary_common.errors import BadRequest, Conflict, NotFound, TooLarge
from aviary_common.http.document import refusals
from aviary_orchestration.configs.bodies import JSON_BODY, ConfigBody
from aviary_orchestration.configs.schemas import ConfigDone, ConfigResponse, Written
from aviary_orchestration.configs.service import Configs
from aviary_orchestration.scripts.service import Scripts
from aviary_orchestration.user_code.bodies import SOURCE_BODY, SourceBody
from aviary_orchestration.user_code.schemas import ScriptOut

router = APIRouter(prefix="/scripts", tags=["Scripts"])


async def scripts_of(request: Request) -> Scripts:
    scripts: Scripts = request.app.state.scripts
    return scripts


async def configs_of(request: Request) -> Configs:
    configs: Configs = request.app.state.script_configs
    return configs


ScriptsDep = Annotated[Scripts, Depends(scripts_of)]
ConfigsDep = Annotated[Configs, Depends(configs_of)]


@router.get("", operation_id="list_scripts")
async def list_scripts(scripts: ScriptsDep) -> list[str]:
    """The names of all scripts."""
    return await scripts.names()


@router.get(
    "/configs",
    operation_id="list_script_configs",
    responses=refusals(TooLarge),
    response_model=list[dict[str, Any]],
)
async def list_configs(configs: ConfigsDep) -> ConfigResponse:
    """All configs by name. One that cannot be read says why."""
    return ConfigResponse(await configs.all())


@router.post(
    "/configs",
    operation_id="create_script_config",
    responses=refusals(Conflict, TooLarge),
    status_code=201,
    openapi_extra=JSON_BODY,
)
async def create_config(configs: ConfigsDep, config: ConfigBody) -> Written:
    """Store a new config under the name that it gives as id or config_name."""
    return await configs.create(config)


@router.get(
    "/configs/{config_id}",
    operation_id="get_script_config",
    responses=refusals(BadRequest, NotFound, TooLarge),
    response_model=dict[str, Any],
)
async def get_config(configs: ConfigsDep, config_id: str) -> ConfigResponse:
    """One config by its name."""
    return ConfigResponse(await configs.get(config_id))


@router.put(
    "/configs/{config_id}",
    operation_id="replace_script_config",
    responses=refusals(NotFound, TooLarge),
    openapi_extra=JSON_BODY,
)
async def replace_config(configs: ConfigsDep, config_id: str, config: ConfigBody) -> Written:
    """Replace a config that exists."""
    return await configs.replace(config_id, config)


@router.post(
    "/configs/{config_name}",
    operation_id="put_script_config",
    responses=refusals(TooLarge),
    status_code=201,
    openapi_extra=JSON_BODY,
)
async def put_config(configs: ConfigsDep, config_name: str, config: ConfigBody) -> Written:
    """Store a config, whether it exists or not."""
    return await configs.put(config_name, config)


@router.delete("/configs/{config_id}", operation_id="delete_script_config", responses=refusals(BadRequest, NotFound))
async def delete_config(configs: ConfigsDep, config_id: str) -> ConfigDone:
    """Bots that run with it keep their own copy."""
    return await configs.delete(config_id)


@router.get(
    "/{script_name}/config-template",
    operation_id="get_script_config_template",
    responses=refusals(BadRequest, NotFound, TooLarge),
)
@router.get(
    "/{script_name}/config/template",
    operation_id="find_script_config_template",
    responses=refusals(BadRequest, NotFound, TooLarge),
)
async def get_template(scripts: ScriptsDep, script_name: str) -> dict[str, JsonValue]:
    """The defaults of the script's config."""
    return await scripts.template(script_name)


@router.get("/{script_name}", operation_id="get_script", responses=refusals(BadRequest, NotFound, TooLarge))
async def get_script(scripts: ScriptsDep, script_name: str) -> ScriptOut:
    """A script\'s source."""
    return await scripts.get(script_name)


@router.post(
    "/{script_name}",
    operation_id="put_script",
    responses=refusals(TooLarge),
    status_code=201,
    openapi_extra=SOURCE_BODY,
)
async def put_script(scripts: ScriptsDep, script_name: str, source: SourceBody) -> ConfigDone:
    """Store a script's source. It must be Python; it is not run."""
    return await scripts.put(script_name, source)


@router.delete("/{script_name}", operation_id="delete_script", responses=refusals(BadRequest, NotFound))
async def delete_script(scripts: ScriptsDep, script_name: str) -> ConfigDone:
    """Bots that run it keep what they have loaded."""
    return await scripts.delete(script_name)
