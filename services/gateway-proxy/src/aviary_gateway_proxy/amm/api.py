"""``/gateway/amm``."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from aviary_common.errors import BadRequest, NotFound, NotYet
from aviary_common.http.document import refusals
from aviary_gateway_proxy.amm.schemas import (
    AddLiquidityAsked,
    AmmEvent,
    AmmEventFilter,
    AmmPool,
    AmmShare,
    LiquidityQuote,
    LiquidityQuoteAsked,
    PoolAsked,
    RemoveLiquidityAsked,
    ShareAsked,
    ShareChanged,
    ShareFilter,
    ShareOut,
    WalletAsked,
)
from aviary_gateway_proxy.amm.search import AmmHistory
from aviary_gateway_proxy.amm.service import AmmLiquidity
from aviary_gateway_proxy.history import HistoryPage
from aviary_gateway_proxy.transactions.api import mark

router = APIRouter(prefix="/gateway/amm", tags=["Gateway AMM"])

UNKNOWN: Final[dict[int | str, dict[str, Any]]] = {
    202: {"model": ShareChanged, "description": "What has become of it is being found out"}
}
NO_POOLS: Final = "Gateway 2.13 cannot create pools: create it with the exchange itself, and add it with"


async def amm_of(request: Request) -> AmmLiquidity:
    amm: AmmLiquidity = request.app.state.amm_liquidity
    return amm


async def history_of(request: Request) -> AmmHistory:
    history: AmmHistory = request.app.state.amm_history
    return history


AmmDep = Annotated[AmmLiquidity, Depends(amm_of)]
HistoryDep = Annotated[AmmHistory, Depends(history_of)]


@router.get("/pool-info", operation_id="get_amm_pool_info", responses=refusals(BadRequest, NotFound))
async def get_pool_info(asked: Annotated[PoolAsked, Query()], amm: AmmDep) -> AmmPool:
    """A pool's reserves and price, quote per base of the pool's own order."""
    return await amm.pool(asked)


@router.get("/position-info", operation_id="get_amm_position_info", responses=refusals(BadRequest, NotFound))
async def get_position_info(asked: Annotated[ShareAsked, Query()], amm: AmmDep) -> AmmShare:
    """What a wallet has in a pool."""
    return await amm.share(asked)


@router.post("/positions-owned", operation_id="find_owned_amm_positions", responses=refusals(NotFound))
async def get_owned(asked: WalletAsked, amm: AmmDep) -> list[AmmShare]:
    """What a wallet has in the pools that are listed or were used here."""
    return await amm.shares(asked)


@router.post("/quote-liquidity", operation_id="quote_amm_liquidity", responses=refusals(NotFound))
async def quote_liquidity(asked: LiquidityQuoteAsked, amm: AmmDep) -> LiquidityQuote:
    """How much of both tokens a pool would take."""
    return await amm.quote(asked)


@router.post("/add-liquidity", operation_id="add_amm_liquidity", responses=UNKNOWN | refusals(NotFound))
async def add_liquidity(asked: AddLiquidityAsked, amm: AmmDep, response: Response) -> ShareChanged:
    """Put both tokens into a pool."""
    return ShareChanged.of(mark(response, await amm.add(asked)))


@router.post("/remove-liquidity", operation_id="remove_amm_liquidity", responses=UNKNOWN | refusals(NotFound))
async def remove_liquidity(asked: RemoveLiquidityAsked, amm: AmmDep, response: Response) -> ShareChanged:
    """Take a part of the wallet's share out of a pool."""
    return ShareChanged.of(mark(response, await amm.remove(asked)))


@router.post("/create-pool", operation_id="create_amm_pool", responses=refusals(NotYet), status_code=501)
async def create_pool() -> None:
    """Not possible with this Gateway."""
    raise NotYet(f"{NO_POOLS} POST /gateway/networks/{{network_id}}/pools.", code="no_pool_creation")


@router.post("/events/search", operation_id="search_amm_events")
async def search_events(
    query: Annotated[AmmEventFilter, Query()], history: HistoryDep, body: AmmEventFilter | None = None
) -> HistoryPage[AmmEvent]:
    """Additions and removals, newest first."""
    return await history.events(query.with_body(body))


@router.post("/positions/search", operation_id="search_amm_positions")
async def search_positions(
    query: Annotated[ShareFilter, Query()], history: HistoryDep, body: ShareFilter | None = None
) -> HistoryPage[ShareOut]:
    """Wallets' shares of pools, newest first."""
    return await history.shares(query.with_body(body))
