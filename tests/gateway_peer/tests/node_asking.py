"""The node as the tests ask it."""

from typing import Any

import httpx

from tests.gateway_peer.peer import WITHOUT_TLS, GatewayPeer


async def ask_node(peer: GatewayPeer, method: str, *parameters: object) -> Any:
    call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(parameters)}
    async with httpx.AsyncClient(verify=WITHOUT_TLS, timeout=5) as client:
        answer = await client.post(peer.node_url(), json=call)
    answer.raise_for_status()
    body = answer.json()
    assert body["id"] == 1
    return body["result"] if "result" in body else body["error"]


async def receipt(peer: GatewayPeer, signature: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = await ask_node(peer, "eth_getTransactionReceipt", signature)
    return found
