"""/tokens."""

from fastapi import APIRouter

from tests.gateway_peer.chain.tokens import Token
from tests.gateway_peer.config import CHAINS
from tests.gateway_peer.errors import BadRequest, Internal, NotFound
from tests.gateway_peer.listings import token_view
from tests.gateway_peer.routes.dependencies import Answer, WorldDep
from tests.gateway_peer.schemas import AddToken

router = APIRouter(prefix="/tokens")
NO_INTERNET = "Failed to fetch token info from GeckoTerminal: getaddrinfo ENOTFOUND api.geckoterminal.com"


@router.get("")
async def list_tokens(world: WorldDep, chain: str, network: str, search: str = "") -> Answer:
    _check(chain, network)
    wanted = search.lower()
    listed = world.listings.tokens[(chain, network)]
    found = [each for each in listed if any(wanted in text.lower() for text in (each.symbol, each.name, each.address))]
    return {"tokens": [token_view(chain, network, each) for each in found]}


@router.get("/find/{address}")
async def find(address: str, chainNetwork: str) -> Answer:  # noqa: N803
    raise Internal(NO_INTERNET)


@router.post("/save/{address}")
async def save(address: str, chainNetwork: str) -> Answer:  # noqa: N803
    raise Internal(NO_INTERNET)


@router.get("/{text}")
async def get_token(world: WorldDep, text: str, chain: str, network: str) -> Answer:
    _check(chain, network)
    token = world.listings.token(chain, network, text)
    if token is None:
        raise NotFound(f"Token with symbol or address '{text}' not found in {chain}/{network}")
    return {"token": token_view(chain, network, token), "chain": chain, "network": network}


@router.post("")
async def add(world: WorldDep, asked: AddToken) -> Answer:
    _check(asked.chain, asked.network)
    told = asked.token
    world.listings.add_token(asked.chain, asked.network, Token(told.symbol, told.name, told.address, told.decimals))
    return {"message": f"Token {told.symbol} added/updated successfully in {asked.chain}/{asked.network}"}


@router.delete("/{address}")
async def remove(world: WorldDep, address: str, chain: str, network: str) -> Answer:
    _check(chain, network)
    if not world.listings.remove_token(chain, network, address):
        raise NotFound(f"Token with address {address} not found in {chain}/{network}")
    return {"message": f"Token with address {address} removed successfully from {chain}/{network}"}


def _check(chain: str, network: str) -> None:
    if chain not in CHAINS:
        raise BadRequest(f"Unsupported chain: {chain}")
    if network not in CHAINS[chain]:
        raise BadRequest(f"Unsupported network: {network}")
