"""``/bot-orchestration/controller-performance-*``, and what bots have notified and done."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from aviary_common.errors import BadRequest
from aviary_common.http.document import refusals
from aviary_common.pagination import Limit, Page
from aviary_common.timestamps import UtcTime
from aviary_orchestration.bots import topics
from aviary_orchestration.bots.names import BotName
from aviary_orchestration.bots.names import Wanted as NameWanted
from aviary_orchestration.records.history import Wanted
from aviary_orchestration.records.schemas import EventsAnswer, LineOut, SamplePageAnswer, SamplesAnswer
from aviary_orchestration.records.service import Records

router = APIRouter(prefix="/bot-orchestration", tags=["Bot orchestration"])


async def records_of(request: Request) -> Records:
    records: Records = request.app.state.records
    return records


async def wanted_samples(
    bot_name: NameWanted = None,
    controller_id: NameWanted = None,
    start_time: Annotated[UtcTime | None, Query()] = None,
    end_time: Annotated[UtcTime | None, Query()] = None,
    interval: str = "5m",
) -> Wanted:
    return Wanted(bot_name, controller_id, start_time, end_time, interval)


RecordsDep = Annotated[Records, Depends(records_of)]
LimitQuery = Annotated[Limit, Query()]


@router.get("/controller-performance-latest", operation_id="list_controller_performance")
async def latest(records: RecordsDep, bot_name: NameWanted = None) -> SamplesAnswer:
    """The newest sample of each bot and controller."""
    return await records.latest(bot_name)


@router.get(
    "/controller-performance-history", operation_id="search_controller_performance", responses=refusals(BadRequest)
)
async def history(
    records: RecordsDep,
    wanted: Annotated[Wanted, Depends(wanted_samples)],
    limit: LimitQuery = 100,
    cursor: str | None = None,
) -> SamplePageAnswer:
    """Newest first; of each interval the newest sample."""
    return await records.history(wanted, limit, cursor)


@router.get("/{bot_name}/events", operation_id="list_bot_events", responses=refusals(BadRequest))
async def events(bot_name: BotName, records: RecordsDep, limit: LimitQuery = 100) -> EventsAnswer:
    """What the bot has told of its orders; newest first."""
    return await records.messages(bot_name, topics.EVENTS, limit)


@router.get("/{bot_name}/notifications", operation_id="list_bot_notifications", responses=refusals(BadRequest))
async def notifications(bot_name: BotName, records: RecordsDep, limit: LimitQuery = 100) -> EventsAnswer:
    """What the bot has notified its user of; newest first."""
    return await records.messages(bot_name, topics.NOTIFY, limit)


@router.get("/{bot_name}/logs", operation_id="list_bot_logs", responses=refusals(BadRequest))
async def log_lines(
    bot_name: BotName,
    records: RecordsDep,
    errors: bool = False,
    limit: LimitQuery = 100,
    cursor: str | None = None,
) -> Page[LineOut]:
    """What the bot has logged, also in earlier runs of its container; newest first. ``errors``: only those."""
    return (await records.lines(bot_name, limit, cursor, errors_only=errors)).page(LineOut.of)
