"""``/bot-orchestration/status`` and what else tells how bots are."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request, Response

from aviary_orchestration.bots.names import BotName
from aviary_orchestration.bots.own import OwnBotsDep
from aviary_orchestration.fleet.service import Fleet, Json

router = APIRouter(prefix="/bot-orchestration", tags=["Bot orchestration"])


async def fleet_of(request: Request) -> Fleet:
    fleet: Fleet = request.app.state.fleet
    return fleet


FleetDep = Annotated[Fleet, Depends(fleet_of)]


@router.get("/status", operation_id="list_bots_status")
async def all_status(fleet: FleetDep, own: OwnBotsDep) -> Response:
    """Every active bot: ``{"status": "success", "data": {<bot>: {...}}}``."""
    return _success(await own.among(fleet.all()))


@router.get("/mqtt", operation_id="mqtt_status")
async def mqtt_status(fleet: FleetDep) -> Response:
    """The connection to the bots' broker."""
    return _success(fleet.broker())


@router.get("/{bot_name}/status", operation_id="get_bot_status")
async def bot_status(bot_name: BotName, fleet: FleetDep) -> Response:
    """One bot."""
    return _success(await fleet.one(bot_name))


def _success(data: Json) -> Response:
    return Response(orjson.dumps({"status": "success", "data": data}), media_type="application/json")
