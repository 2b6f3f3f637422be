"""What became of a transaction, by Gateway and, where Gateway does not look, by the chain's own node."""

from collections.abc import Mapping
from typing import Any, Final

from aviary_gateway_proxy.addresses import ETHEREUM, transaction_on
from aviary_gateway_proxy.chains.nodes import Nodes
from aviary_gateway_proxy.chains.schemas import PollAsked
from aviary_gateway_proxy.names import NetworkId, as_json
from aviary_gateway_proxy.transactions.chains import ChainNodes
from aviary_gateway_proxy.upstream.client import Gateway

FAILED: Final = -1
PENDING: Final = 0
CONFIRMED: Final = 1
IN_MEMPOOL: Final = (2, 3)
STUCK: Final = 3


class Polling:
    def __init__(self, gateway: Gateway, nodes: Nodes, chain_nodes: ChainNodes) -> None:
        self._gateway = gateway
        self._nodes = nodes
        self._chain_nodes = chain_nodes

    async def poll(self, where: NetworkId, asked: PollAsked) -> dict[str, Any]:
        """Gateway calls every mined EVM transaction confirmed: the receipt tells whether it was reverted. 503
        ``node_away`` when it can't be read."""
        key = transaction_on(where.chain, asked.transaction)
        body: dict[str, Any] = {
            "network": where.network,
            "signature": key,
            "tokens": asked.tokens or None,
            "walletAddress": asked.wallet_address,
        }
        await self._nodes.require(where)
        told = await self._gateway.post(f"/chains/{where.chain}/poll", body)
        receipt = await self._by_receipt(where, key) if told["txStatus"] == CONFIRMED else {}
        return {**as_json(told), "txHash": key, **_meaning(told), **receipt}

    async def _by_receipt(self, where: NetworkId, key: str) -> dict[str, Any]:
        if where.chain != ETHEREUM:
            return {}
        node = await self._chain_nodes.node(where.chain, where.network)
        receipt = await node.receipt(key) if node else None
        if receipt is None:
            return {"txStatus": PENDING, "error": "It is mined; whether the contract refused it is not known yet."}
        if receipt.succeeded:
            return {"fee": float(receipt.fee)}
        return {"txStatus": FAILED, "fee": float(receipt.fee), "error": "The contract refused it: it was reverted."}


def _meaning(told: Mapping[str, Any]) -> dict[str, Any]:
    """Gateway's 2 and 3 (in the mempool) are pending. What the node does not know is -1, and says so."""
    status = int(told["txStatus"])
    if status in IN_MEMPOOL:
        hint = {"error": "It waits in the mempool with a fee that is too low."} if status == STUCK else {}
        return {"txStatus": PENDING, **hint}
    if status == FAILED and not told.get("txData") and not told.get("error"):
        return {"error": "The node does not know this transaction."}
    return {}
