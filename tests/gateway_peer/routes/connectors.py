"""/connectors: Uniswap works; the others have nobody to talk to."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request

from tests.gateway_peer import schemas
from tests.gateway_peer.config import CONNECTORS
from tests.gateway_peer.dex import amm, clmm, offline, positions, swaps
from tests.gateway_peer.routes.dependencies import Answer, WorldDep


async def _guard(request: Request, connector: str) -> None:
    """404 for a route that this connector has not, and its own failure for one that is not Uniswap."""
    kind, action = request.url.path.split("/")[3:5]
    known = CONNECTORS.get(connector)
    if known is None or kind not in known.trading_types:
        raise HTTPException(404)
    if connector != "uniswap" and (connector, action) != offline.NOBODY_HAS_ANY:
        offline.fail(connector, kind, action)


router = APIRouter(prefix="/connectors/{connector}", dependencies=[Depends(_guard)])
unguarded = APIRouter(prefix="/connectors/{connector}")


@unguarded.get("/clmm/fetch-pools")
async def fetch_pools(connector: str) -> list[Answer]:
    """Offline there is nothing, and nobody says so."""
    if connector not in ("meteora", "orca"):
        raise HTTPException(404)
    return []


@router.get("/router/quote-swap")
async def router_quote(world: WorldDep, asked: Annotated[schemas.QuoteSwap, Query()]) -> Answer:
    return swaps.router_quote(world, asked)


@router.post("/router/execute-quote")
async def execute_quote(world: WorldDep, asked: schemas.ExecuteQuote) -> Answer:
    return await swaps.execute_quote(world, asked)


@router.post("/router/execute-swap")
async def execute_swap(world: WorldDep, asked: schemas.ExecuteSwap) -> Answer:
    return await swaps.execute_swap(world, asked)


@router.get("/clmm/pool-info")
async def pool_info(world: WorldDep, asked: Annotated[schemas.PoolAsked, Query()]) -> Answer:
    return clmm.pool_info(world, asked)


@router.get("/clmm/quote-swap")
async def pool_quote(world: WorldDep, asked: Annotated[schemas.QuotePoolSwap, Query()]) -> Answer:
    return swaps.pool_quote(world, asked)


@router.post("/clmm/execute-swap")
async def execute_pool_swap(world: WorldDep, asked: schemas.ExecuteSwap) -> Answer:
    return await swaps.execute_pool_swap(world, asked)


@router.get("/clmm/quote-position")
async def quote_position(world: WorldDep, asked: Annotated[schemas.QuotePosition, Query()]) -> Answer:
    return clmm.quote_position(world, asked)


@router.get("/clmm/position-info")
async def position_info(world: WorldDep, asked: Annotated[schemas.PositionAsked, Query()]) -> Answer:
    return clmm.position_info(world, asked)


@router.get("/clmm/positions-owned")
async def positions_owned(
    world: WorldDep, connector: str, asked: Annotated[schemas.WalletAsked, Query()]
) -> list[Answer]:
    return clmm.positions_owned(world, asked) if connector == "uniswap" else []


@router.post("/clmm/open-position")
async def open_position(world: WorldDep, asked: schemas.OpenPosition) -> Answer:
    return await positions.open_position(world, asked)


@router.post("/clmm/add-liquidity")
async def add_liquidity(world: WorldDep, asked: schemas.AddLiquidity) -> Answer:
    return await positions.add_liquidity(world, asked)


@router.post("/clmm/remove-liquidity")
async def remove_liquidity(world: WorldDep, asked: schemas.RemoveLiquidity) -> Answer:
    return await positions.remove_liquidity(world, asked)


@router.post("/clmm/collect-fees")
async def collect_fees(world: WorldDep, asked: schemas.PositionAsked) -> Answer:
    return await positions.collect_fees(world, asked)


@router.post("/clmm/close-position")
async def close_position(world: WorldDep, asked: schemas.PositionAsked) -> Answer:
    return await positions.close_position(world, asked)


@router.get("/amm/pool-info")
async def pair_info(world: WorldDep, asked: Annotated[schemas.PoolAsked, Query()]) -> Answer:
    return amm.pool_info(world, asked)


@router.get("/amm/position-info")
async def pair_position(world: WorldDep, asked: Annotated[schemas.WalletAsked, Query()]) -> Answer:
    return amm.position_info(world, asked)


@router.get("/amm/quote-swap")
async def pair_quote(world: WorldDep, asked: Annotated[schemas.QuotePoolSwap, Query()]) -> Answer:
    return amm.pair_quote(world, asked)


@router.get("/amm/quote-liquidity")
async def quote_liquidity(world: WorldDep, asked: Annotated[schemas.PairLiquidity, Query()]) -> Answer:
    return amm.quote_liquidity(world, asked)


@router.post("/amm/execute-swap")
async def execute_pair_swap(world: WorldDep, asked: schemas.ExecuteSwap) -> Answer:
    return await amm.execute_pair_swap(world, asked)


@router.post("/amm/add-liquidity")
async def add_pair_liquidity(world: WorldDep, asked: schemas.PairLiquidity) -> Answer:
    return await amm.add_liquidity(world, asked)


@router.post("/amm/remove-liquidity")
async def remove_pair_liquidity(world: WorldDep, asked: schemas.RemovePairLiquidity) -> Answer:
    return await amm.remove_liquidity(world, asked)
