"""Gateway's lists: ``/gateway/networks/{id}/tokens``, ``/gateway/networks/{id}/pools`` and ``/gateway/pools``."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from aviary_common.errors import BadRequest, NotFound
from aviary_common.http.document import refusals
from aviary_gateway_proxy.configuration.api import DirectoryDep
from aviary_gateway_proxy.configuration.pool_adding import NewPool, PoolAdding
from aviary_gateway_proxy.configuration.pool_list import PoolList, Wanted
from aviary_gateway_proxy.configuration.schemas import (
    PoolChanged,
    PoolIn,
    PoolOut,
    PoolRemoved,
    PoolsOut,
    TokenChanged,
    TokenFound,
    TokenIn,
    TokenOut,
    TokenRemoved,
    TokensOut,
)
from aviary_gateway_proxy.configuration.token_list import TokenList
from aviary_gateway_proxy.configuration.tokens import Token
from aviary_gateway_proxy.names import in_our_words

router = APIRouter(prefix="/gateway", tags=["Gateway configuration"])


async def token_list_of(request: Request) -> TokenList:
    tokens: TokenList = request.app.state.token_list
    return tokens


async def pool_list_of(request: Request) -> PoolList:
    pools: PoolList = request.app.state.pool_list
    return pools


async def pool_adding_of(request: Request) -> PoolAdding:
    adding: PoolAdding = request.app.state.pool_adding
    return adding


TokensDep = Annotated[TokenList, Depends(token_list_of)]
PoolsDep = Annotated[PoolList, Depends(pool_list_of)]
AddingDep = Annotated[PoolAdding, Depends(pool_adding_of)]


async def wanted_pools(
    connector: str | None = None,
    connector_name: str | None = None,
    pool_type: str | None = None,
    kind: Annotated[str | None, Query(alias="type")] = None,
    search: str | None = None,
) -> Wanted:
    chosen = pool_type or kind
    return Wanted(connector=connector_name or connector, type=chosen.lower() if chosen else None, search=search)


WantedDep = Annotated[Wanted, Depends(wanted_pools)]


@router.get(
    "/networks/{network_id}/tokens", operation_id="list_gateway_tokens", responses=refusals(BadRequest, NotFound)
)
async def list_tokens(
    network_id: str, directory: DirectoryDep, tokens: TokensDep, search: str | None = None
) -> TokensOut:
    """The tokens of a network's list; `search` looks in symbols and names."""
    where = await directory.network(network_id)
    found = await tokens.search(where, search)
    return TokensOut(tokens=[TokenOut.of(each) for each in found], network_id=str(where), count=len(found))


@router.get(
    "/networks/{network_id}/tokens/{token_address}",
    operation_id="get_gateway_token",
    responses=refusals(BadRequest, NotFound),
)
async def get_token(network_id: str, token_address: str, directory: DirectoryDep, tokens: TokensDep) -> TokenFound:
    """A token by its address or symbol."""
    where = await directory.network(network_id)
    return TokenFound(token=TokenOut.of(await tokens.get(where, token_address)), network_id=str(where))


@router.post("/networks/{network_id}/tokens", operation_id="add_gateway_token", responses=refusals(NotFound))
async def add_token(network_id: str, told: TokenIn, directory: DirectoryDep, tokens: TokensDep) -> TokenChanged:
    """Add a token to a network's list, or change it; its name is the symbol unless another is given."""
    where = await directory.network(network_id)
    added = await tokens.add(where, Token(told.symbol, told.address, told.decimals, told.name or told.symbol))
    return TokenChanged(
        message=f"Token {added.symbol} is in the list of {where}.",
        token={"symbol": added.symbol, "address": added.address, "network_id": str(where)},
    )


@router.post(
    "/networks/{network_id}/tokens/save/{token_address}",
    operation_id="save_gateway_token",
    responses=refusals(BadRequest, NotFound),
)
async def save_token(network_id: str, token_address: str, directory: DirectoryDep, tokens: TokensDep) -> TokenChanged:
    """Let Gateway look a token up online and add it to the list."""
    where = await directory.network(network_id)
    saved = TokenOut.of(await tokens.save(where, token_address))
    return TokenChanged(
        message=f"Token {saved.symbol} is in the list of {where}.",
        token={**saved.model_dump(), "network_id": str(where)},
    )


@router.delete(
    "/networks/{network_id}/tokens/{token_address}",
    operation_id="delete_gateway_token",
    responses=refusals(BadRequest, NotFound),
)
async def remove_token(network_id: str, token_address: str, directory: DirectoryDep, tokens: TokensDep) -> TokenRemoved:
    """Remove a token from a network's list."""
    where = await directory.network(network_id)
    removed = await tokens.remove(where, token_address)
    return TokenRemoved(
        message=f"Token {removed.symbol} is no longer in the list of {where}.",
        token_address=removed.address,
        network_id=str(where),
    )


@router.get("/pools", operation_id="list_gateway_pools", responses=refusals(BadRequest, NotFound))
async def list_pools(wanted: WantedDep, pools: PoolsDep, network: str | None = None) -> list[PoolOut]:
    """The pools of Gateway's lists, of all connectors and networks unless some are named."""
    return [PoolOut.of(each) for each in await pools.find(_on(wanted, network))]


@router.get(
    "/networks/{network_id}/pools", operation_id="list_gateway_network_pools", responses=refusals(BadRequest, NotFound)
)
async def list_network_pools(network_id: str, wanted: WantedDep, directory: DirectoryDep, pools: PoolsDep) -> PoolsOut:
    """The pools of a network, of all connectors unless one is named."""
    where = await directory.network(network_id)
    found = [PoolOut.of(each) for each in await pools.find(_on(wanted, str(where)))]
    return PoolsOut(pools=found, count=len(found), network_id=str(where))


@router.post("/networks/{network_id}/pools", operation_id="add_gateway_pool", responses=refusals(NotFound))
async def add_pool(network_id: str, told: PoolIn, directory: DirectoryDep, adding: AddingDep) -> PoolChanged:
    """Add a pool to a connector's list; what is left out of its tokens is read from the chain."""
    where = await directory.network(network_id)
    new = NewPool(
        told.connector_name,
        told.type,
        told.address,
        told.base,
        told.quote,
        told.base_address,
        told.quote_address,
        told.fee_pct,
    )
    added = await adding.add(where, new)
    return PoolChanged(
        message=f"Pool {added.pair} is in the list of {added.connector} on {where}.",
        pool={
            "trading_pair": added.pair,
            "connector": added.connector,
            "type": added.type,
            "address": added.address,
            "network_id": str(where),
        },
        network_id=str(where),
    )


@router.post(
    "/networks/{network_id}/pools/save/{pool_address}",
    operation_id="save_gateway_pool",
    responses=refusals(BadRequest, NotFound),
)
async def save_pool(
    network_id: str, pool_address: str, wanted: WantedDep, directory: DirectoryDep, adding: AddingDep
) -> PoolChanged:
    """Let Gateway look a pool up online and add it; with `connector` and `type` it is found on chain where Gateway
    can't look."""
    where = await directory.network(network_id)
    saved = await adding.save(where, pool_address, wanted.connector, wanted.type)
    pool: dict[str, Any] = {**in_our_words(saved.get("pool") or {}), "network_id": str(where)}
    return PoolChanged(
        message=f"Pool {pool_address} is in Gateway's list of {where}.",
        pool={"address": pool_address, **pool},
        network_id=str(where),
        tokens_added=[str(each) for each in saved.get("tokensAdded") or []],
    )


@router.delete(
    "/networks/{network_id}/pools/{pool_address}",
    operation_id="delete_gateway_pool",
    responses=refusals(BadRequest, NotFound),
)
async def remove_pool(
    network_id: str, pool_address: str, wanted: WantedDep, directory: DirectoryDep, pools: PoolsDep
) -> PoolRemoved:
    """Remove a pool from the list that has it."""
    where = await directory.network(network_id)
    removed = await pools.remove(where, pool_address, wanted)
    return PoolRemoved(
        message=f"Pool {removed.pair} is no longer in the list of {removed.connector} on {where}.",
        pool_address=removed.address,
        network_id=str(where),
    )


def _on(wanted: Wanted, network: str | None) -> Wanted:
    return replace(wanted, network=network)
