"""``/accounts/gateway``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from aviary_common.errors import BadRequest, NotFound
from aviary_common.http.document import refusals
from aviary_gateway_proxy.discreet import DiscreetRoute
from aviary_gateway_proxy.wallets.desk import WalletDesk
from aviary_gateway_proxy.wallets.keeping import NewWallet, WalletKeeping
from aviary_gateway_proxy.wallets.schemas import (
    AddWallet,
    DefaultSet,
    NamedWallet,
    WalletAdded,
    WalletOut,
    WalletRemoved,
    WalletsOut,
)

router = APIRouter(prefix="/accounts/gateway", tags=["Gateway wallets"], route_class=DiscreetRoute)


async def keeping_of(request: Request) -> WalletKeeping:
    keeping: WalletKeeping = request.app.state.wallet_keeping
    return keeping


async def desk_of(request: Request) -> WalletDesk:
    desk: WalletDesk = request.app.state.wallet_desk
    return desk


KeepingDep = Annotated[WalletKeeping, Depends(keeping_of)]


@router.post("/add-wallet", status_code=201, operation_id="add_gateway_wallet", responses=refusals(NotFound))
async def add_wallet(told: AddWallet, keeping: KeepingDep) -> WalletAdded:
    """Give Gateway a wallet by its private key, which Aviary passes on and keeps nowhere."""
    address, where = await keeping.add(NewWallet(told.chain, told.private_key, told.set_default, told.network))
    network = where.network if where else None
    return WalletAdded(address=address, chain=told.chain.lower(), is_default=told.set_default, network=network)


@router.get("/wallets", operation_id="list_gateway_wallets")
async def list_wallets(keeping: KeepingDep) -> list[WalletsOut]:
    """The wallets of each chain, and which one is its default."""
    return [WalletsOut.of(each) for each in await keeping.all()]


@router.post("/wallet/set-default", operation_id="set_default_gateway_wallet", responses=refusals(NotFound))
async def set_default(told: NamedWallet, keeping: KeepingDep) -> DefaultSet:
    """Make a wallet its chain's default."""
    return DefaultSet.of(await keeping.set_default(told.chain, told.address))


@router.get("/{chain}/{address}", operation_id="get_gateway_wallet", responses=refusals(BadRequest, NotFound))
async def get_wallet(chain: str, address: str, desk: Annotated[WalletDesk, Depends(desk_of)]) -> WalletOut:
    """A wallet and what it holds on its chain's default networks."""
    return await desk.show(chain, address)


@router.delete("/{chain}/{address}", operation_id="remove_gateway_wallet", responses=refusals(BadRequest, NotFound))
async def remove_wallet(chain: str, address: str, keeping: KeepingDep) -> WalletRemoved:
    """Take a wallet out of Gateway, key and all."""
    return WalletRemoved.of(await keeping.remove(chain, address))
