"""``/bot-orchestration/status`` and what else tells how bots are."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request, Response

from aviary_common.errors import BadRequest, NotFound
from aviary_common.http.document import refusals
from aviary_orchestration.bots.names import BotName
from aviary_orchestration.bots.own import OwnBotsDep
from aviary_orchestration.fleet.schemas import BotStatusAnswer, BotStatusesAnswer, BrokerAnswer
from aviary_orchestration.fleet.service import Fleet, Json

router = APIRouter(prefix="/bot-orchestration", tags=["Bot orchestration"])


async def fleet_of(request: Request) -> Fleet:
    fleet: Fleet = request.app.state.fleet
    return fleet


FleetDep = Annotated[Fleet, Depends(fleet_of)]


@router.get("/status", operation_id="list_bot_statuses", response_model=BotStatusesAnswer)
async def all_status(fleet: FleetDep, own: OwnBotsDep) -> Response:
    """How every active bot fares, what its controllers report and what it has logged."""
    return _success(await own.among(fleet.all()))


@router.get("/mqtt", operation_id="get_mqtt_status", response_model=BrokerAnswer)
async def mqtt_status(fleet: FleetDep) -> Response:
    """The connection to the bots' broker."""
    return _success(fleet.broker())


@router.get(
    "/{bot_name}/status",
    operation_id="get_bot_status",
    response_model=BotStatusAnswer,
    responses=refusals(BadRequest, NotFound),
)
async def bot_status(bot_name: BotName, fleet: FleetDep) -> Response:
    """How one bot fares, what its controllers report and what it has logged."""
    return _success(await fleet.one(bot_name))


def _success(data: Json) -> Response:
    return Response(orjson.dumps({"status": "success", "data": data}), media_type="application/json")
