"""/chains: Ethereum's networks are alive, Solana's are offline."""

from typing import Annotated, Never

from fastapi import APIRouter, Query

from tests.gateway_peer import evm
from tests.gateway_peer.errors import Internal
from tests.gateway_peer.routes.dependencies import Answer, WorldDep
from tests.gateway_peer.schemas import Allowances, Approve, Balances, OnNetwork, Poll, Wrap

ethereum = APIRouter(prefix="/chains/ethereum")
solana = APIRouter(prefix="/chains/solana")


@ethereum.get("/status")
async def status(world: WorldDep, asked: Annotated[OnNetwork, Query()]) -> Answer:
    return evm.status(world, asked)


@ethereum.get("/estimate-gas")
async def estimate_gas(world: WorldDep, asked: Annotated[OnNetwork, Query()]) -> Answer:
    return evm.estimate_gas(world, asked)


@ethereum.post("/balances")
async def balances(world: WorldDep, asked: Balances) -> Answer:
    return evm.balances(world, asked)


@ethereum.post("/poll")
async def poll(world: WorldDep, asked: Poll) -> Answer:
    return await evm.poll(world, asked)


@ethereum.post("/allowances")
async def allowances(world: WorldDep, asked: Allowances) -> Answer:
    return evm.allowances(world, asked)


@ethereum.post("/approve")
async def approve(world: WorldDep, asked: Approve) -> Answer:
    return await evm.approve(world, asked)


@ethereum.post("/wrap")
async def wrap(world: WorldDep, asked: Wrap) -> Answer:
    return await evm.wrap(world, asked)


@ethereum.post("/unwrap")
async def unwrap(world: WorldDep, asked: Wrap) -> Answer:
    return await evm.unwrap(world, asked)


def _offline() -> Never:
    raise Internal("An unexpected error occurred")


@solana.get("/status")
async def solana_status() -> Answer:
    _offline()


@solana.get("/estimate-gas")
async def solana_gas(world: WorldDep) -> Answer:
    """From the configuration, so it works."""
    units, lamports = 200_000, 0.1
    return {
        "feePerComputeUnit": lamports,
        "denomination": "lamports",
        "computeUnits": units,
        "feeAsset": "SOL",
        "fee": units * lamports / 10**9,
        "timestamp": int(world.now_s() * 1000),
    }


@solana.post("/balances")
async def solana_balances(asked: Balances) -> Answer:
    """Zeros that nobody has looked up."""
    return {"balances": dict.fromkeys(asked.tokens or ["SOL"], 0)}


@solana.post("/poll")
async def solana_poll(asked: Poll) -> Answer:
    _offline()


@solana.post("/wrap")
async def solana_wrap(asked: Wrap) -> Answer:
    _offline()


@solana.post("/unwrap")
async def solana_unwrap(asked: Wrap) -> Answer:
    _offline()
