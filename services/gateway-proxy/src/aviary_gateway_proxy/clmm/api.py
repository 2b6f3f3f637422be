"""``/gateway/clmm``: positions."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from aviary_common.errors import BadRequest, NotFound, NotYet
from aviary_common.http.document import refusals
from aviary_gateway_proxy.clmm.asked import (
    AddToPositionAsked,
    OwnedAsked,
    PositionAsked,
    RangeAsked,
    RemoveFromPositionAsked,
)
from aviary_gateway_proxy.clmm.owned import OwnedPositions
from aviary_gateway_proxy.clmm.schemas import (
    ClmmPositionFilter,
    ClmmPositionOut,
    Collected,
    Events,
    EventsAsked,
    LiquidityChanged,
    LiquidityRemoved,
    Opened,
    OwnedPosition,
    PositionQuote,
)
from aviary_gateway_proxy.clmm.search import PositionHistory
from aviary_gateway_proxy.clmm.service import Liquidity
from aviary_gateway_proxy.history import HistoryPage
from aviary_gateway_proxy.transactions.api import mark

router = APIRouter(prefix="/gateway/clmm", tags=["Gateway CLMM"])

UNKNOWN: Final[dict[int | str, dict[str, Any]]] = {
    202: {"model": LiquidityChanged, "description": "What has become of it is being found out"}
}
NO_POOLS: Final = "Gateway 2.13 cannot create pools: create it with the exchange itself, and add it with"


async def liquidity_of(request: Request) -> Liquidity:
    liquidity: Liquidity = request.app.state.liquidity
    return liquidity


async def owned_of(request: Request) -> OwnedPositions:
    owned: OwnedPositions = request.app.state.owned_positions
    return owned


async def history_of(request: Request) -> PositionHistory:
    history: PositionHistory = request.app.state.position_history
    return history


LiquidityDep = Annotated[Liquidity, Depends(liquidity_of)]
OwnedDep = Annotated[OwnedPositions, Depends(owned_of)]
HistoryDep = Annotated[PositionHistory, Depends(history_of)]


@router.post("/quote-position", operation_id="quote_clmm_position", responses=refusals(NotFound))
async def quote_position(asked: RangeAsked, liquidity: LiquidityDep) -> PositionQuote:
    """How much of both tokens a range would take."""
    return await liquidity.quote(asked)


@router.post("/open", operation_id="open_clmm_position", responses=UNKNOWN | refusals(NotFound))
async def open_position(asked: RangeAsked, liquidity: LiquidityDep, response: Response) -> Opened:
    """Open a position; prices and amounts in the order of the pair as it is written."""
    return Opened.of(mark(response, await liquidity.open(asked)))


@router.post("/add", operation_id="add_clmm_liquidity", responses=UNKNOWN | refusals(NotFound))
async def add_liquidity(asked: AddToPositionAsked, liquidity: LiquidityDep, response: Response) -> LiquidityChanged:
    """Put more into a position."""
    return LiquidityChanged.of(mark(response, await liquidity.add(asked)))


@router.post("/remove", operation_id="remove_clmm_liquidity", responses=UNKNOWN | refusals(NotFound))
async def remove_liquidity(
    asked: RemoveFromPositionAsked, liquidity: LiquidityDep, response: Response
) -> LiquidityRemoved:
    """Take a part out of a position."""
    return LiquidityRemoved.of(mark(response, await liquidity.remove(asked)))


@router.post("/collect-fees", operation_id="collect_clmm_fees", responses=UNKNOWN | refusals(NotFound))
async def collect_fees(asked: PositionAsked, liquidity: LiquidityDep, response: Response) -> Collected:
    """Take out what a position has earned."""
    return Collected.of(mark(response, await liquidity.collect(asked)))


@router.post("/close", operation_id="close_clmm_position", responses=UNKNOWN | refusals(NotFound))
async def close_position(asked: PositionAsked, liquidity: LiquidityDep, response: Response) -> Collected:
    """Take everything out; what was earned is told apart from what was put in."""
    return Collected.of(mark(response, await liquidity.close(asked)))


@router.post("/create-pool", operation_id="create_clmm_pool", responses=refusals(NotYet), status_code=501)
async def create_pool() -> None:
    """Not possible with this Gateway."""
    raise NotYet(f"{NO_POOLS} POST /gateway/networks/{{network_id}}/pools.", code="no_pool_creation")


@router.get("/positions_owned", operation_id="list_owned_clmm_positions", responses=refusals(BadRequest, NotFound))
async def list_owned(asked: Annotated[OwnedAsked, Query()], owned: OwnedDep) -> list[OwnedPosition]:
    """A wallet's positions as the chain has them now."""
    return await owned.all(asked)


@router.post("/positions_owned", operation_id="find_owned_clmm_positions", responses=refusals(NotFound))
async def get_owned(asked: OwnedAsked, owned: OwnedDep) -> list[OwnedPosition]:
    """The same with its parameters in the body."""
    return await owned.all(asked)


@router.get("/position-info", operation_id="get_clmm_position_info", responses=refusals(BadRequest, NotFound))
async def get_position_info(asked: Annotated[PositionAsked, Query()], owned: OwnedDep) -> OwnedPosition:
    """One position as the chain has it now."""
    return await owned.one(asked)


@router.post("/positions/search", operation_id="search_clmm_positions")
async def search_positions(
    query: Annotated[ClmmPositionFilter, Query()], history: HistoryDep, body: ClmmPositionFilter | None = None
) -> HistoryPage[ClmmPositionOut]:
    """Positions, newest first, with what they have earned. Filters may stand in the query, in the body, or in both."""
    return await history.search(query.with_body(body))


@router.get(
    "/positions/{position_address}/events",
    operation_id="list_clmm_position_events",
    responses=refusals(BadRequest, NotFound),
)
async def get_events(position_address: str, wanted: Annotated[EventsAsked, Query()], history: HistoryDep) -> Events:
    """What has happened to a position, newest first."""
    return await history.events(position_address, wanted)
