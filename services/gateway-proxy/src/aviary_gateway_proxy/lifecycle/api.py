"""``/gateway/start``, ``status``, ``stop``, ``restart`` and ``logs``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from aviary_common.errors import Conflict, NotFound
from aviary_common.http.document import refusals
from aviary_gateway_proxy.lifecycle.life import Life
from aviary_gateway_proxy.lifecycle.schemas import GatewayConfig, GatewayDone, GatewayLog, GatewayStarted, GatewayStatus

router = APIRouter(prefix="/gateway", tags=["Gateway"])

MAX_TAIL = 10_000


async def life_of(request: Request) -> Life:
    life: Life = request.app.state.life
    return life


LifeDep = Annotated[Life, Depends(life_of)]


@router.post("/start", operation_id="start_gateway", responses=refusals(NotFound, Conflict))
async def start(life: LifeDep, config: GatewayConfig | None = None) -> GatewayStarted:
    """Start Gateway in a container, secured unless in dev mode; returns when it answers."""
    return await life.start(config or GatewayConfig())


@router.get("/status", operation_id="get_gateway_status")
async def status(life: LifeDep) -> GatewayStatus:
    """Whether Gateway runs, where, and whether it answers."""
    return await life.status()


@router.post("/stop", operation_id="stop_gateway", responses=refusals(NotFound, Conflict))
async def stop(life: LifeDep) -> GatewayDone:
    """Returns when it has ended. The container, its wallets and its configuration stay."""
    return await life.stop()


@router.post("/restart", operation_id="restart_gateway", responses=refusals(NotFound, Conflict))
async def restart(life: LifeDep, config: GatewayConfig | None = None) -> GatewayStarted:
    """Without a config as it was, with one in a new container; returns when it answers."""
    return await life.restart(config)


@router.get("/logs", operation_id="get_gateway_logs", responses=refusals(NotFound, Conflict))
async def logs(life: LifeDep, tail: Annotated[int, Query(ge=1, le=MAX_TAIL)] = 100) -> GatewayLog:
    """The last lines that Gateway has printed, without what looks like a key."""
    return GatewayLog(logs=await life.logs(tail))
