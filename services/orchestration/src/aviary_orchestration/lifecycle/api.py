"""Starting and stopping bots, and asking them for their trades."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from aviary_common.errors import BadRequest, Conflict, NotFound
from aviary_common.http.document import refusals
from aviary_common.timestamps import UtcTime
from aviary_orchestration.bots.names import BotName
from aviary_orchestration.bots.own import OwnBotsDep
from aviary_orchestration.lifecycle.history import BotHistory, Span
from aviary_orchestration.lifecycle.schemas import DoneAnswer, StartBot, StopBot
from aviary_orchestration.lifecycle.service import Lifecycle

router = APIRouter(prefix="/bot-orchestration", tags=["Bot orchestration"])


async def lifecycle_of(request: Request) -> Lifecycle:
    lifecycle: Lifecycle = request.app.state.lifecycle
    return lifecycle


async def history_of(request: Request) -> BotHistory:
    history: BotHistory = request.app.state.bot_history
    return history


async def span_of(
    days: Annotated[int, Query(ge=0, le=3650)] = 0,
    start_time: Annotated[UtcTime | None, Query()] = None,
    end_time: Annotated[UtcTime | None, Query()] = None,
) -> Span:
    return Span(days, start_time, end_time)


LifecycleDep = Annotated[Lifecycle, Depends(lifecycle_of)]


@router.post("/start-bot", operation_id="start_bot", responses=refusals(NotFound, Conflict))
async def start_bot(action: StartBot, lifecycle: LifecycleDep, own: OwnBotsDep) -> DoneAnswer:
    """Start a bot that has stopped or ended; returns when it is heard."""
    await own.require(action.bot_name)
    command = action.model_dump(exclude={"bot_name", "config_params"}, exclude_none=True)
    return DoneAnswer.of(await lifecycle.start(action.bot_name, action.config_params, command))


@router.post("/stop-bot", operation_id="stop_bot", responses=refusals(NotFound, Conflict))
async def stop_bot(action: StopBot, lifecycle: LifecycleDep, own: OwnBotsDep) -> DoneAnswer:
    """Stop a bot's trading; its container stays."""
    await own.require(action.bot_name)
    outcome = await lifecycle.stop(
        action.bot_name,
        skip_order_cancellation=action.skip_order_cancellation,
        async_backend=action.async_backend,
    )
    return DoneAnswer.of(outcome)


@router.get("/{bot_name}/history", operation_id="get_bot_history", responses=refusals(BadRequest, NotFound, Conflict))
async def bot_history(
    bot_name: BotName,
    history: Annotated[BotHistory, Depends(history_of)],
    span: Annotated[Span, Depends(span_of)],
    verbose: bool = False,
    precision: Annotated[int | None, Query(ge=0, le=18)] = None,
    timeout: Annotated[float, Query(gt=0, le=300)] = 30.0,  # noqa: ASYNC109 - the API's own name
) -> dict[str, Any]:
    """What the bot tells of its trades."""
    told = await history.of(bot_name, span, verbose=verbose, precision=precision, deadline_s=timeout)
    return {"status": "success", "response": {"success": True, "data": told}}
