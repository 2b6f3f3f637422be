"""``/scripts``. Order matters: ``configs`` comes before what could be a name."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import JsonValue

from aviary_orchestration.configs.bodies import JSON_BODY, ConfigBody
from aviary_orchestration.configs.schemas import ConfigResponse, Done, Written
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


@router.get("/configs", operation_id="list_script_configs", response_class=ConfigResponse, response_model=None)
async def list_configs(configs: ConfigsDep) -> ConfigResponse:
    """All configs by name. One that cannot be read says why."""
    return ConfigResponse(await configs.all())


@router.post("/configs", operation_id="create_script_config", status_code=201, openapi_extra=JSON_BODY)
async def create_config(configs: ConfigsDep, config: ConfigBody) -> Written:
    """Store a new config under the name that it gives as id or config_name."""
    return await configs.create(config)


@router.get(
    "/configs/{config_id}", operation_id="get_script_config", response_class=ConfigResponse, response_model=None
)
async def get_config(configs: ConfigsDep, config_id: str) -> ConfigResponse:
    return ConfigResponse(await configs.get(config_id))


@router.put("/configs/{config_id}", operation_id="replace_script_config", openapi_extra=JSON_BODY)
async def replace_config(configs: ConfigsDep, config_id: str, config: ConfigBody) -> Written:
    """Replace a config that exists."""
    return await configs.replace(config_id, config)


@router.post(
    "/configs/{config_name}", operation_id="create_or_update_script_config", status_code=201, openapi_extra=JSON_BODY
)
async def put_config(configs: ConfigsDep, config_name: str, config: ConfigBody) -> Written:
    """Store a config, whether it exists or not."""
    return await configs.put(config_name, config)


@router.delete("/configs/{config_id}", operation_id="delete_script_config")
async def delete_config(configs: ConfigsDep, config_id: str) -> Done:
    """Bots that run with it keep their own copy."""
    return await configs.delete(config_id)


@router.get("/{script_name}/config-template", operation_id="get_script_config_template")
@router.get("/{script_name}/config/template", operation_id="get_script_config_template_by_client")
async def get_template(scripts: ScriptsDep, script_name: str) -> dict[str, JsonValue]:
    """The defaults of the script's config."""
    return await scripts.template(script_name)


@router.get("/{script_name}", operation_id="get_script")
async def get_script(scripts: ScriptsDep, script_name: str) -> ScriptOut:
    return await scripts.get(script_name)


@router.post("/{script_name}", operation_id="create_or_update_script", status_code=201, openapi_extra=SOURCE_BODY)
async def put_script(scripts: ScriptsDep, script_name: str, source: SourceBody) -> Done:
    """Store a script's source. It must be Python; it is not run."""
    return await scripts.put(script_name, source)


@router.delete("/{script_name}", operation_id="delete_script")
async def delete_script(scripts: ScriptsDep, script_name: str) -> Done:
    """Bots that run it keep what they have loaded."""
    return await scripts.delete(script_name)
