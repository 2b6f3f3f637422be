"""``/bot-orchestration/controller-performance-*``, and what bots have notified and done."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request

from aviary_common.pagination import Limit
from aviary_common.timestamps import UtcTime
from aviary_orchestration.bots.names import BotName
from aviary_orchestration.records.history import Wanted
from aviary_orchestration.records.schemas import EventsAnswer, SamplePageAnswer, SamplesAnswer
from aviary_orchestration.records.service import Records

router = APIRouter(prefix="/bot-orchestration", tags=["Bot orchestration"])


async def records_of(request: Request) -> Records:
    records: Records = request.app.state.records
    return records


async def wanted_samples(
    bot_name: str | None = None,
    controller_id: str | None = None,
    start_time: Annotated[UtcTime | None, Query()] = None,
    end_time: Annotated[UtcTime | None, Query()] = None,
    interval: str = "5m",
) -> Wanted:
    return Wanted(bot_name, controller_id, start_time, end_time, interval)


RecordsDep = Annotated[Records, Depends(records_of)]


@router.get("/controller-performance-latest", operation_id="latest_controller_performance")
async def latest(records: RecordsDep, bot_name: str | None = None) -> SamplesAnswer:
    """The newest sample of each bot and controller."""
    return await records.latest(bot_name)


@router.get("/controller-performance-history", operation_id="controller_performance_history")
async def history(
    records: RecordsDep,
    wanted: Annotated[Wanted, Depends(wanted_samples)],
    limit: Annotated[Limit, Query()] = 100,
    cursor: str | None = None,
) -> SamplePageAnswer:
    """Newest first; of each interval the newest sample."""
    return await records.history(wanted, limit, cursor)


@router.get("/{bot_name}/{topic}", operation_id="list_bot_messages")
async def messages(
    bot_name: BotName,
    topic: Literal["events", "notifications"],
    records: RecordsDep,
    limit: Annotated[Limit, Query()] = 100,
) -> EventsAnswer:
    """What the bot has told of its orders, or notified its user of; newest first."""
    return await records.messages(bot_name, topic, limit)
