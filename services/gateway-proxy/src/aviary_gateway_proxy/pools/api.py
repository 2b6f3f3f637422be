"""``/gateway/clmm/pools`` and ``/gateway/clmm/pool-info``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from aviary_common.errors import BadRequest, NotFound
from aviary_common.http.document import refusals
from aviary_gateway_proxy.pools.explore import Explorer, Wanted
from aviary_gateway_proxy.pools.explore_schemas import OfferedPage
from aviary_gateway_proxy.pools.info import PoolDesk
from aviary_gateway_proxy.pools.schemas import PoolAsked, PoolInfoOut

router = APIRouter(prefix="/gateway/clmm", tags=["Gateway pools"])


async def desk_of(request: Request) -> PoolDesk:
    desk: PoolDesk = request.app.state.pool_desk
    return desk


async def explorer_of(request: Request) -> Explorer:
    explorer: Explorer = request.app.state.pool_explorer
    return explorer


async def wanted(
    connector: str,
    network: str = "mainnet-beta",
    page: Annotated[int, Query(ge=0, le=1000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    search_term: str | None = None,
    sort_key: str | None = "volume",
    order_by: str | None = "desc",
    include_unknown: bool = True,
) -> Wanted:
    descending = (order_by or "desc").lower() != "asc"
    return Wanted(connector, network, page, limit, search_term, sort_key, descending, include_unknown)


DeskDep = Annotated[PoolDesk, Depends(desk_of)]
ExplorerDep = Annotated[Explorer, Depends(explorer_of)]


@router.get("/pools", operation_id="list_clmm_pools", responses=refusals(BadRequest, NotFound))
async def list_pools(asked: Annotated[Wanted, Depends(wanted)], explorer: ExplorerDep) -> OfferedPage:
    """The pools that a DEX has; of connectors that Gateway can't ask, those of its lists."""
    return OfferedPage.of(await explorer.find(asked), asked.page, asked.limit)


@router.post("/pool-info", operation_id="find_clmm_pool_info", responses=refusals(NotFound))
async def find_pool_info(asked: PoolAsked, desk: DeskDep) -> PoolInfoOut:
    """A pool by its tokens and fee, or by its address; the price is token1 per token0 as they were written."""
    return await desk.info(asked)


@router.get("/pool-info", operation_id="get_clmm_pool_info", responses=refusals(BadRequest, NotFound))
async def get_pool_info(asked: Annotated[PoolAsked, Query()], desk: DeskDep) -> PoolInfoOut:
    """The same with its parameters in the query."""
    return await desk.info(asked)
