"""/wallet."""

from fastapi import APIRouter

from tests.gateway_peer.errors import BadRequest, NotFound
from tests.gateway_peer.routes.dependencies import Answer, WorldDep
from tests.gateway_peer.schemas import AddWallet, CreateWallet, WalletNamed
from tests.gateway_peer.world import World

router = APIRouter(prefix="/wallet")


@router.get("")
async def list_wallets(world: WorldDep, showHardware: bool = False) -> list[Answer]:  # noqa: N803
    found: list[Answer] = []
    for chain in ("ethereum", "solana"):
        view: Answer = {"chain": chain, "walletAddresses": world.wallets.of(chain)}
        found.append({**view, "hardwareWalletAddresses": []} if showHardware else view)
    return found


@router.post("/add")
async def add(world: WorldDep, asked: AddWallet) -> Answer:
    address = world.wallets.add(asked.chain, asked.private_key)
    _make_default(world, asked.chain, address, asked.set_default)
    return {"address": address}


@router.post("/create")
async def create(world: WorldDep, asked: CreateWallet) -> Answer:
    address = world.wallets.create(asked.chain)
    _make_default(world, asked.chain, address, asked.set_default)
    return {"address": address, "chain": asked.chain}


@router.post("/setDefault")
async def set_default(world: WorldDep, asked: WalletNamed) -> Answer:
    if asked.chain not in ("ethereum", "solana"):
        raise BadRequest(f"Unrecognized chain name: {asked.chain}")
    address = world.wallets.find(asked.chain, asked.address)
    if address is None:
        raise NotFound(f"Wallet {asked.address} not found for chain {asked.chain}")
    _make_default(world, asked.chain, address, True)
    message = f"Successfully set default wallet for {asked.chain} to {address}"
    return {"message": message, "chain": asked.chain, "address": address}


@router.delete("/remove")
async def remove(world: WorldDep, asked: WalletNamed) -> Answer:
    """The default stays what it was, even if it is the removed one."""
    world.wallets.remove(asked.chain, asked.address)
    return {"message": f"Wallet {asked.address} removed successfully"}


def _make_default(world: World, chain: str, address: str, wanted: bool) -> None:
    if wanted:
        world.config.update(chain, "defaultWallet", address)
