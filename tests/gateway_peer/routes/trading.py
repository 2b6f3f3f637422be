"""/trading: the same as /connectors, with ``connector`` and ``chainNetwork`` among the fields."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from tests.gateway_peer import schemas
from tests.gateway_peer.dex import amm, clmm, offline, positions, swaps
from tests.gateway_peer.errors import BadRequest
from tests.gateway_peer.routes.dependencies import Answer, WorldDep

router = APIRouter(prefix="/trading")
NO_CONNECTOR = "jupiter/router"
"""What Gateway takes when none is named, for whatever chain."""

Asked = TypeVar("Asked", bound=BaseModel)


@dataclass(frozen=True)
class Trade:
    connector: str
    kind: str
    place: str
    """``query`` or ``body``."""
    fields: dict[str, Any]

    def asked(self, model: type[Asked]) -> Asked:
        try:
            return model.model_validate(self.fields)
        except ValidationError as refusal:
            errors = [{**each, "loc": (self.place, *each["loc"])} for each in refusal.errors()]
            raise RequestValidationError(errors) from refusal


async def _trade(request: Request) -> Trade:
    in_query = request.method == "GET"
    fields = dict(request.query_params) if in_query else dict(await request.json())
    is_swap = request.url.path.startswith("/trading/swap/")
    named, _, kind = str(fields.get("connector") or NO_CONNECTOR).partition("/")
    kind = kind or ("router" if is_swap else "clmm")
    chain, _, network = str(fields.get("chainNetwork") or "solana-mainnet-beta").partition("-")
    if not network:
        raise BadRequest(f"Invalid chainNetwork format: {chain}. Expected chain-network, such as ethereum-mainnet")
    offline.require_trading(named, kind, chain)
    action = request.url.path.rsplit("/", 1)[-1]
    if named != "uniswap" and (named, action) != offline.NOBODY_HAS_ANY:
        offline.fail(named, kind, action)
    return Trade(named, kind, "query" if in_query else "body", {**fields, "network": network})


TradeDep = Annotated[Trade, Depends(_trade)]


@router.get("/swap/quote")
async def quote(world: WorldDep, trade: TradeDep) -> Answer:
    """No quote id here."""
    if trade.kind == "clmm":
        return swaps.pool_quote(world, trade.asked(schemas.QuotePoolSwap))
    if trade.kind == "amm":
        return amm.pair_quote(world, trade.asked(schemas.QuotePoolSwap))
    return swaps.quote_view(swaps.best_quote(world, trade.asked(schemas.QuoteSwap)))


@router.post("/swap/execute")
async def execute(world: WorldDep, trade: TradeDep) -> Answer:
    asked = trade.asked(schemas.ExecuteSwap)
    if trade.kind == "clmm":
        return await swaps.execute_pool_swap(world, asked)
    if trade.kind == "amm":
        return await amm.execute_pair_swap(world, asked)
    return await swaps.execute_swap(world, asked)


@router.get("/clmm/pool-info")
async def pool_info(world: WorldDep, trade: TradeDep) -> Answer:
    return clmm.pool_info(world, trade.asked(schemas.PoolAsked))


@router.get("/clmm/position-info")
async def position_info(world: WorldDep, trade: TradeDep) -> Answer:
    return clmm.position_info(world, trade.asked(schemas.PositionAsked))


@router.get("/clmm/positions-owned")
async def positions_owned(world: WorldDep, trade: TradeDep) -> list[Answer]:
    asked = trade.asked(schemas.WalletAsked)
    return clmm.positions_owned(world, asked) if trade.connector == "uniswap" else []


@router.get("/clmm/quote-position")
async def quote_position(world: WorldDep, trade: TradeDep) -> Answer:
    return clmm.quote_position(world, trade.asked(schemas.QuotePosition))


@router.post("/clmm/open")
async def open_position(world: WorldDep, trade: TradeDep) -> Answer:
    return await positions.open_position(world, trade.asked(schemas.OpenPosition))


@router.post("/clmm/add")
async def add(world: WorldDep, trade: TradeDep) -> Answer:
    return await positions.add_liquidity(world, trade.asked(schemas.AddLiquidity))


@router.post("/clmm/remove")
async def remove(world: WorldDep, trade: TradeDep) -> Answer:
    return await positions.remove_liquidity(world, trade.asked(schemas.RemoveLiquidity))


@router.post("/clmm/collect-fees")
async def collect_fees(world: WorldDep, trade: TradeDep) -> Answer:
    return await positions.collect_fees(world, trade.asked(schemas.PositionAsked))


@router.post("/clmm/close")
async def close(world: WorldDep, trade: TradeDep) -> Answer:
    return await positions.close_position(world, trade.asked(schemas.PositionAsked))
