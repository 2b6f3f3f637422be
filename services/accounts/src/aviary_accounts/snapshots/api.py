"""``/portfolio/history``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from aviary_accounts.snapshots.history import History
from aviary_accounts.snapshots.schemas import HistoryFilter, HistoryPage

router = APIRouter(prefix="/portfolio", tags=["Portfolio"])


async def history_of(request: Request) -> History:
    history: History = request.app.state.history
    return history


@router.post("/history", operation_id="get_portfolio_history", response_model=HistoryPage)
async def get_history(
    history: Annotated[History, Depends(history_of)], wanted: HistoryFilter | None = None
) -> Response:
    """The portfolio as it was, newest first, one snapshot per interval."""
    return Response(await history.page(wanted or HistoryFilter()), media_type="application/json")
