"""An EVM node: JSON-RPC over the same chains, one path for each network (``/ethereum-mainnet``)."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from tests.gateway_peer.chain.network import FIRST_BLOCK, Link, Network
from tests.gateway_peer.chain.tokens import BASE_V3_FACTORY, NATIVE, POSITION_MANAGER, V3_FACTORY
from tests.gateway_peer.chain.transactions import GAS_PRICE_WEI, GAS_USED, Transaction
from tests.gateway_peer.world import Stage, World

UNKNOWN_METHOD: Final = -32601
BAD_PARAMETERS: Final = -32602
FIRST_BLOCK_AT_S: Final = 1_700_000_000
BLOCK_S: Final = 12
FACTORIES: Final = {V3_FACTORY.lower(), BASE_V3_FACTORY.lower()}


def _cut_off() -> Response:
    """The connection ends before the answer does."""
    return Response(headers={"content-length": "1000"})


def node_app(stage: Stage) -> FastAPI:
    app = FastAPI(openapi_url=None, redirect_slashes=False)

    @app.post("/")
    async def mainnet(request: Request) -> Response:
        return await _serve(stage.world, "mainnet", request)

    @app.post("/ethereum-{name}")
    async def network(name: str, request: Request) -> Response:
        return await _serve(stage.world, name, request)

    return app


async def _serve(world: World, name: str, request: Request) -> Response:
    network = world.networks.get(name)
    if network is None:
        return Response(status_code=404)
    if network.node_link is Link.ERROR:
        return Response("Internal Server Error", 500)
    if network.node_link is Link.REFUSED:
        return _cut_off()
    asked = await request.json()
    calls = asked if isinstance(asked, list) else [asked]
    answers = [_answer(world, network, call) for call in calls]
    return JSONResponse(answers if isinstance(asked, list) else answers[0])


def _answer(world: World, network: Network, call: dict[str, Any]) -> dict[str, object]:
    head = {"jsonrpc": "2.0", "id": call.get("id")}
    method = METHODS.get(str(call.get("method")))
    if method is None or call.get("method") in network.node_refuses:
        return {**head, "error": {"code": UNKNOWN_METHOD, "message": f"the method {call.get('method')} does not exist"}}
    try:
        return {**head, "result": method(world, network, list(call.get("params") or []))}
    except (IndexError, KeyError, TypeError, ValueError) as refusal:
        return {**head, "error": {"code": BAD_PARAMETERS, "message": f"invalid parameters: {refusal}"}}


def _receipt(_world: World, network: Network, given: list[Any]) -> object:
    found = network.find(given[0], counts=True)
    if found is None or not found.is_mined:
        return None
    return {
        "transactionHash": found.hash,
        "transactionIndex": "0x0",
        "blockNumber": hex(found.block or 0),
        "blockHash": _block_hash(network, found.block),
        "from": found.sender.lower(),
        "to": found.to.lower(),
        "status": hex(found.status or 0),
        "gasUsed": hex(GAS_USED),
        "cumulativeGasUsed": hex(GAS_USED),
        "effectiveGasPrice": hex(GAS_PRICE_WEI),
        "contractAddress": None,
        "logs": [],
        "logsBloom": "0x" + "0" * 512,
        "type": "0x2",
    }


def _transaction(_world: World, network: Network, given: list[Any]) -> object:
    """One in the mempool has no block."""
    found = network.find(given[0])
    return None if found is None else _transaction_view(network, found)


def _transaction_view(network: Network, found: Transaction) -> dict[str, object]:
    return {
        "hash": found.hash,
        "nonce": hex(found.nonce),
        "blockNumber": hex(found.block) if found.block is not None else None,
        "blockHash": _block_hash(network, found.block),
        "from": found.sender.lower(),
        "to": found.to.lower(),
        "value": "0x0",
        "gas": hex(GAS_USED),
        "gasPrice": hex(GAS_PRICE_WEI),
        "input": "0x",
        "chainId": hex(network.chain_id),
        "type": "0x2",
    }


def _block(_world: World, network: Network, given: list[Any]) -> object:
    """With its transactions whole or by hash; null for one that is still to come."""
    number = network.block if given[0] == "latest" else int(given[0], 16)
    if number > network.block:
        return None
    mined = [each for each in network.mined.values() if each.block == number]
    return {
        "number": hex(number),
        "hash": _block_hash(network, number),
        "parentHash": _block_hash(network, number - 1),
        "timestamp": hex(FIRST_BLOCK_AT_S + (number - FIRST_BLOCK) * BLOCK_S),
        "baseFeePerGas": hex(GAS_PRICE_WEI),
        "transactions": [_transaction_view(network, each) if given[1] else each.hash for each in mined],
    }


def _block_hash(network: Network, block: int | None) -> str | None:
    return None if block is None else f"0x{network.chain_id:032x}{block:032x}"


def _count(_world: World, network: Network, given: list[Any]) -> object:
    return hex(network.nonce(given[0], pending=given[1:] == ["pending"]))


def _call(world: World, network: Network, given: list[Any]) -> object:
    """V3's factory, ERC20 tokens, and how many positions somebody has; nothing else has code."""
    target, data = str(given[0]["to"]).lower(), str(given[0].get("data") or given[0]["input"])
    selector, words = data[:10], [data[at : at + 64] for at in range(10, len(data), 64)]
    if target in FACTORIES and selector == "0x1698ee82":
        return _word(_pool(network, words))
    if target == POSITION_MANAGER.lower() and selector == "0x70a08231":
        return _word(len(network.book.owned_by(_address(words[0]))))
    return _erc20(world, network, target, selector, words)


def _pool(network: Network, words: list[str]) -> int:
    tokens, fee = {_address(words[0]), _address(words[1])}, int(words[2], 16)
    matches = (each for each in network.book.pools.values() if {each.token0.key, each.token1.key} == tokens)
    return next((int(each.address, 16) for each in matches if each.fee == fee), 0)


def _erc20(world: World, network: Network, target: str, selector: str, words: list[str]) -> str:
    token = network.contracts.get(target)
    if token is None:
        return "0x"
    match selector:
        case "0x70a08231":
            return _word(network.ledger.balance(target, _address(words[0])))
        case "0xdd62ed3e":
            owner, spender = _address(words[0]), _address(words[1])
            return _word(network.ledger.allowance(token, owner, spender, world.now_s()))
        case "0x313ce567":
            return _word(token.decimals)
        case "0x95d89b41":
            text = token.symbol.encode()
            return _word(32) + f"{len(text):064x}" + text.hex().ljust(64, "0")
    return "0x"


def _word(value: int) -> str:
    return f"0x{value:064x}"


def _address(word: str) -> str:
    return "0x" + word[-40:].lower()


Method = Callable[[World, Network, list[Any]], object]
METHODS: Final[dict[str, Method]] = {
    "eth_blockNumber": lambda _world, network, _given: hex(network.block),
    "eth_chainId": lambda _world, network, _given: hex(network.chain_id),
    "net_version": lambda _world, network, _given: str(network.chain_id),
    "eth_gasPrice": lambda _world, _network, _given: hex(GAS_PRICE_WEI),
    "eth_getBalance": lambda _world, network, given: hex(network.ledger.balance(NATIVE, given[0])),
    "eth_getTransactionCount": _count,
    "eth_getTransactionReceipt": _receipt,
    "eth_getTransactionByHash": _transaction,
    "eth_getBlockByNumber": _block,
    "eth_call": _call,
}
