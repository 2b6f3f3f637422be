"""``/bot-orchestration/deploy-v2-script`` and ``deploy-v2-controllers``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from aviary_common.errors import Conflict, NotFound
from aviary_common.http.document import refusals
from aviary_orchestration.deployments.schemas import ControllersDeployed, Deployed, NewControllers, NewScript
from aviary_orchestration.deployments.service import Deployments

router = APIRouter(prefix="/bot-orchestration", tags=["Bot orchestration"])


async def deployments_of(request: Request) -> Deployments:
    deployments: Deployments = request.app.state.deployments
    return deployments


DeploymentsDep = Annotated[Deployments, Depends(deployments_of)]


@router.post("/deploy-v2-script", operation_id="deploy_script", responses=refusals(NotFound, Conflict))
async def deploy_script(new: NewScript, deployments: DeploymentsDep) -> Deployed:
    """Start a bot with a script; returns when its container runs."""
    run, _ = await deployments.script(new)
    return Deployed(message=f"{run.bot_name} has been deployed.", unique_instance_name=run.bot_name)


@router.post("/deploy-v2-controllers", operation_id="deploy_controllers", responses=refusals(NotFound, Conflict))
async def deploy_controllers(new: NewControllers, deployments: DeploymentsDep) -> ControllersDeployed:
    """Start a bot that runs controllers; returns when its container runs."""
    run, plan = await deployments.controllers(new)
    return ControllersDeployed(
        message=f"{run.bot_name} has been deployed.",
        unique_instance_name=run.bot_name,
        script_config_generated=f"{plan.script_config_name}.yml",
        controllers_deployed=list(plan.controllers),
    )
