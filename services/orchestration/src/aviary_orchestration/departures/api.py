"""``/bot-orchestration/stop-and-archive-bot``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from aviary_common.errors import BadRequest, Conflict, NotFound
from aviary_common.http.document import refusals
from aviary_orchestration.bots.names import BotName
from aviary_orchestration.departures.schemas import BegunAnswer, JobOut, Wishes
from aviary_orchestration.departures.service import Departures
from aviary_orchestration.departures.store import Options
from aviary_orchestration.fleet.api import FleetDep

router = APIRouter(prefix="/bot-orchestration", tags=["Bot orchestration"])


async def departures_of(request: Request) -> Departures:
    departures: Departures = request.app.state.departures
    return departures


async def options_of(
    skip_order_cancellation: bool | None = None,
    archive_locally: bool | None = None,
    s3_bucket: Annotated[str | None, Query(max_length=63)] = None,
    wishes: Wishes | None = None,
) -> Options:
    """From the query and from a body; both are optional."""
    asked = {
        **(wishes.model_dump(exclude_none=True) if wishes else {}),
        **({} if skip_order_cancellation is None else {"skip_order_cancellation": skip_order_cancellation}),
        **({} if archive_locally is None else {"archive_locally": archive_locally}),
        **({} if s3_bucket is None else {"s3_bucket": s3_bucket}),
    }
    return Options(**asked)


DeparturesDep = Annotated[Departures, Depends(departures_of)]


@router.post(
    "/stop-and-archive-bot/{bot_name}", operation_id="stop_and_archive_bot", responses=refusals(NotFound, Conflict)
)
async def stop_and_archive(
    bot_name: BotName, departures: DeparturesDep, fleet: FleetDep, options: Annotated[Options, Depends(options_of)]
) -> BegunAnswer:
    """In the background; it goes on also when services end meanwhile."""
    return BegunAnswer.of(await departures.begin(bot_name, options, await fleet.one(bot_name)))


@router.get("/{bot_name}/archiving", operation_id="get_bot_archiving", responses=refusals(BadRequest, NotFound))
async def archiving(bot_name: BotName, departures: DeparturesDep) -> JobOut:
    """How far stopping and archiving is."""
    return JobOut.of(await departures.newest_of(bot_name))
