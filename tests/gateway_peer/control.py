"""The control plane: what happens next, what is true on chain, and what Gateway was asked."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response

from tests.gateway_peer.chain.network import Network
from tests.gateway_peer.chain.tokens import NATIVE, Token
from tests.gateway_peer.chain.transactions import Transaction
from tests.gateway_peer.dex.clmm import position_view
from tests.gateway_peer.listener import Listener
from tests.gateway_peer.listings import native
from tests.gateway_peer.told import (
    Ahead,
    Answers,
    Blocks,
    Fates,
    Fees,
    Finish,
    Fund,
    Limit,
    Links,
    OnNetwork,
    Passphrase,
    Price,
    Times,
    Up,
)
from tests.gateway_peer.world import Answer, Stage, Timing, World


def control_app(stage: Stage, gateway: Listener, node: Listener | None) -> FastAPI:
    app = FastAPI(title="Control of the Gateway stand-in")
    _add_chain_routes(app, stage)
    _add_gateway_routes(app, stage, gateway, node)
    _add_records(app, stage)

    @app.middleware("http")
    async def keep(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await answer(request)
        if request.method != "GET":
            stage.save(stage.world)
        return response

    return app


def _add_chain_routes(app: FastAPI, stage: Stage) -> None:
    @app.post("/transactions")
    async def decide(told: Fates) -> None:
        _network(stage, told).fates.extend(told.fates)

    @app.post("/transactions/finish")
    async def finish(told: Finish) -> list[dict[str, Any]]:
        """The mempool in the order of its nonces."""
        network = _network(stage, told)
        waiting = [each for each in network.mempool.values() if told.hash in (None, each.hash)]
        for transaction in sorted(waiting, key=lambda each: each.nonce):
            if told.end is not None:
                transaction.fate = transaction.fate.model_copy(update={"end": told.end})
            network.finish(transaction)
        return [_transaction_view(each) for each in waiting]

    @app.get("/transactions")
    async def transactions(network: str = "mainnet") -> list[dict[str, Any]]:
        chain = stage.world.networks[network]
        return [_transaction_view(each) for each in (*chain.mined.values(), *chain.mempool.values())]

    @app.get("/positions")
    async def positions(network: str = "mainnet") -> list[dict[str, Any]]:
        """The truth: what has accrued unseen too, in raw amounts."""
        found = stage.world.networks[network].book.positions.values()
        return [
            {**position_view(each), "owner": each.owner, "unseen0": each.unseen0, "unseen1": each.unseen1}
            for each in found
        ]

    @app.post("/fund")
    async def fund(told: Fund) -> None:
        network = _network(stage, told)
        token = _token(stage.world, network, told.token)
        network.ledger.give(token.key, told.address, token.raw(told.amount))

    @app.post("/price")
    async def price(told: Price) -> None:
        pool = _network(stage, told).book.pool(told.pool)
        if pool is None:
            raise HTTPException(404, f"no pool {told.pool}")
        pool.move(told.price)

    @app.post("/fees")
    async def fees(told: Fees) -> None:
        position = _network(stage, told).book.positions[told.position]
        position.unseen0 += position.pool.token0.raw(told.amount0)
        position.unseen1 += position.pool.token1.raw(told.amount1)

    @app.post("/blocks")
    async def blocks(told: Blocks) -> int:
        network = _network(stage, told)
        network.block += told.count
        return network.block

    @app.post("/rpc")
    async def rpc(told: Links) -> None:
        """How Gateway and how the node's own callers reach the chain."""
        network = _network(stage, told)
        network.gateway_link = told.gateway or network.gateway_link
        network.node_link = told.node or network.node_link
        if told.node_refuses is not None:
            network.node_refuses = frozenset(told.node_refuses)


def _add_gateway_routes(app: FastAPI, stage: Stage, gateway: Listener, node: Listener | None) -> None:
    @app.post("/reset")
    async def reset() -> None:
        stage.reset()
        await gateway.up()
        if node is not None:
            await node.up()

    @app.post("/gateway")
    async def switch_gateway(told: Up) -> None:
        await (gateway.up() if told.up else gateway.down())

    @app.post("/node")
    async def switch_node(told: Up) -> None:
        if node is None:
            raise HTTPException(404, "started without --node-port")
        await (node.up() if told.up else node.down())

    @app.post("/answers")
    async def answers(told: Answers) -> None:
        stage.world.answers.append(Answer(**told.model_dump()))

    @app.post("/timing")
    async def timing(told: Times) -> dict[str, float]:
        changed = {**asdict(stage.world.timing), **told.model_dump(exclude_none=True)}
        stage.world.timing = Timing(**changed)
        return changed

    @app.post("/clock")
    async def clock(told: Ahead) -> None:
        stage.world.ahead_s += told.seconds

    @app.post("/limit")
    async def limit(told: Limit) -> None:
        stage.world.limiter.per_minute = told.per_minute

    @app.post("/passphrase")
    async def passphrase(told: Passphrase) -> None:
        """As if Gateway had been started with another: it does not open the wallets of before."""
        stage.world.wallets.passphrase = told.passphrase


def _add_records(app: FastAPI, stage: Stage) -> None:
    @app.get("/requests")
    async def requests(path: str = "") -> list[dict[str, Any]]:
        return [asdict(each) for each in stage.world.requests if each.path.startswith(path)]

    @app.delete("/requests")
    async def forget_requests() -> None:
        stage.world.requests.clear()

    @app.get("/counters")
    async def counters(network: str = "mainnet") -> dict[str, Any]:
        world = stage.world
        chain = world.networks[network]
        return {
            "requests": len(world.requests),
            "limited": sum(each.status == 429 for each in world.requests),
            "restarts": world.restarts,
            "clients_at_start": stage.clients_at_start,
            "clients_at_restart": world.clients_at_restart,
            "quotes": len(world.quotes.kept),
            "block": chain.block,
            "mempool": len(chain.mempool),
            "sent": chain.sent,
        }


def _network(stage: Stage, told: OnNetwork) -> Network:
    return stage.world.networks[told.network]


def _token(world: World, network: Network, text: str) -> Token:
    if text in (network.native, NATIVE):
        return native(network.native)
    found = world.listings.token("ethereum", network.name, text) or network.contracts.get(text.lower())
    if found is None:
        raise HTTPException(404, f"no token {text}")
    return found


def _transaction_view(transaction: Transaction) -> dict[str, Any]:
    return {
        "hash": transaction.hash,
        "sender": transaction.sender,
        "to": transaction.to,
        "nonce": transaction.nonce,
        "block": transaction.block,
        "status": transaction.status,
        "reason": transaction.reason,
        "amounts": dict(transaction.amounts),
    }
