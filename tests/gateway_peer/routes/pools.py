"""/pools: the list, and what is looked up for it on chain."""

from typing import Literal

from fastapi import APIRouter

from tests.gateway_peer.chain.network import Network
from tests.gateway_peer.config import CONNECTORS
from tests.gateway_peer.errors import BadRequest, Internal, NotFound
from tests.gateway_peer.listings import StoredPool
from tests.gateway_peer.routes.dependencies import Answer, WorldDep
from tests.gateway_peer.schemas import AddPool
from tests.gateway_peer.uniswap.pairs import V2Pair
from tests.gateway_peer.uniswap.pools import V3Pool
from tests.gateway_peer.world import World

router = APIRouter(prefix="/pools")
Kind = Literal["amm", "clmm"]


@router.get("")
async def list_pools(
    world: WorldDep,
    connector: str,
    network: str | None = None,
    type: Kind | None = None,  # noqa: A002
    search: str = "",
) -> list[Answer]:
    _check(connector)
    found = [each for each in world.listings.stored(connector, network, type) if _matches(each, search)]
    return [each.view() for each in found]


@router.get("/find")
async def find_pools(chainNetwork: str) -> list[Answer]:  # noqa: N803
    """Offline there is nothing, and nobody says so."""
    return []


@router.get("/find/{address}")
async def find_pool(address: str, chainNetwork: str) -> list[Answer]:  # noqa: N803
    return []


@router.post("/save/{address}")
async def save_pool(address: str, chainNetwork: str) -> Answer:  # noqa: N803
    raise Internal("Failed to fetch pool info from GeckoTerminal: getaddrinfo ENOTFOUND api.geckoterminal.com")


@router.get("/{pair}")
async def get_pool(world: WorldDep, pair: str, connector: str, network: str, type: Kind) -> Answer:  # noqa: A002
    _check(connector)
    base, _, quote = pair.partition("-")
    if not quote:
        raise BadRequest("Invalid trading pair format. Expected: BASE-QUOTE")
    found = next((each for each in world.listings.stored(connector, network, type) if each.pairs(base, quote)), None)
    if found is None:
        raise NotFound(f"Pool for {pair} not found in {connector} {type} on {network}")
    return found.view()


@router.post("")
async def add(world: WorldDep, asked: AddPool) -> Answer:
    """The chain knows the fee and which token is the base, whatever the caller says."""
    _check(asked.connector)
    found = _on_chain(world, asked)
    fee_pct = found.fee / 10_000 if isinstance(found, V3Pool) else 0.3
    world.listings.add_pool(
        StoredPool(
            asked.connector,
            asked.type,
            asked.network,
            asked.base_symbol,
            asked.quote_symbol,
            found.token0.address,
            found.token1.address,
            fee_pct,
            found.address,
        )
    )
    pair = f"{asked.base_symbol}-{asked.quote_symbol}"
    return {"message": f"Pool {pair} added successfully to {asked.connector} {asked.type} on {asked.network}"}


@router.delete("/{address}")
async def remove(world: WorldDep, address: str, connector: str, network: str, type: Kind) -> Answer:  # noqa: A002
    _check(connector)
    if not world.listings.remove_pool(connector, network, address):
        raise NotFound(f"Pool with address {address} not found in {connector} {type} on {network}")
    return {"message": f"Pool with address {address} removed successfully from {connector} {type} on {network}"}


def _on_chain(world: World, asked: AddPool) -> V3Pool | V2Pair:
    if CONNECTORS[asked.connector].chain == "solana":
        raise NotFound("Pool not found")
    network: Network = world.evm(asked.network)
    book = network.book
    found = book.pool(asked.address) if asked.type == "clmm" else book.pair(asked.address)
    if found is None or not world.reaches(network):
        raise NotFound(f"Pool not found: {asked.address}")
    return found


def _matches(pool: StoredPool, search: str) -> bool:
    return any(search.lower() in text.lower() for text in (pool.base_symbol, pool.quote_symbol, pool.address))


def _check(connector: str) -> None:
    if connector not in CONNECTORS:
        raise BadRequest(f"Unsupported connector: {connector}")
