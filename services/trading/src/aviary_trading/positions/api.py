"""``/trading/positions``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from aviary_common.errors import NotFound
from aviary_common.http.document import refusals
from aviary_common.pagination import paginate_list
from aviary_trading.positions.schemas import PositionFilter, PositionOut, PositionPage
from aviary_trading.positions.service import Positions

router = APIRouter(prefix="/trading", tags=["Trading"])


async def positions_of(request: Request) -> Positions:
    positions: Positions = request.app.state.positions
    return positions


@router.post("/positions", operation_id="list_positions", responses=refusals(NotFound))
async def list_positions(
    positions: Annotated[Positions, Depends(positions_of)], wanted: PositionFilter | None = None
) -> PositionPage:
    """Open positions as the venues have them now, by account, connector, pair and side."""
    wanted = wanted or PositionFilter()
    found = await positions.find(wanted)
    mark = wanted.mark("positions")
    page = paginate_list(found.positions, key=_place, limit=wanted.limit, cursor=wanted.cursor, mark=mark)
    return PositionPage(**dict(page.page(lambda item: item)), problems=list(found.problems))


def _place(item: PositionOut) -> tuple[str, ...]:
    return item.account_name, item.connector_name, item.trading_pair, item.side
