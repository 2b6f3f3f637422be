"""A chain's own node, over JSON-RPC: the only one that says whether a mined EVM transaction was reverted.

Gateway's poll calls any mined transaction confirmed.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import httpx

from aviary_common.errors import Unavailable

WEI: Final = Decimal(10) ** 18
METHOD_UNKNOWN: Final = frozenset({-32601, -32004})
MOST_BLOCKS: Final = 40
"""Looked through at one time for a transaction whose hash nobody has told."""

BALANCE_OF: Final = "0x70a08231"
NATIVE: Final = "native"


class NodeAway(Unavailable):
    """The node does not answer, or not with sense. Its address is not told: it may hold a provider's key."""

    default_code = "node_away"

    def __init__(self, network_id: str) -> None:
        super().__init__("node", f"The node of {network_id} does not answer; nothing can be said about its chain.")


class MethodUnknown(Exception):
    """This node does not offer what was asked."""


@dataclass(frozen=True, slots=True)
class Receipt:
    succeeded: bool
    fee: Decimal
    """In the chain's own currency."""


@dataclass(frozen=True, slots=True)
class Nonces:
    """Of a wallet: the next one by what is mined, and by what waits besides."""

    mined: int
    pending: int


class Node:
    """Every call raises ``NodeAway`` when it cannot be answered."""

    def __init__(self, network_id: str, url: str, client: httpx.AsyncClient) -> None:
        self._network_id = network_id
        self._url = url
        self._client = client
        self._ids = itertools.count(1)

    async def block(self) -> int:
        return _number(await self._call("eth_blockNumber"))

    async def nonces(self, wallet: str) -> Nonces:
        mined = _number(await self._call("eth_getTransactionCount", wallet, "latest"))
        return Nonces(mined, _number(await self._call("eth_getTransactionCount", wallet, "pending")))

    async def receipt(self, key: str) -> Receipt | None:
        """None while it is not mined."""
        found = await self._call("eth_getTransactionReceipt", key)
        if found is None:
            return None
        price = found.get("effectiveGasPrice") or found.get("gasPrice") or "0x0"
        fee = Decimal(_number(found["gasUsed"]) * _number(price)) / WEI
        return Receipt(_number(found.get("status") or "0x0") == 1, fee)

    async def nonce_of(self, key: str) -> int | None:
        """Of a transaction that the node knows, mined or waiting; None of another."""
        found = await self._call("eth_getTransactionByHash", key)
        return None if found is None else _number(found["nonce"])

    async def balance(self, token: str, owner: str) -> int:
        """In the token's smallest units; ``native`` is the chain's own currency."""
        if token == NATIVE:
            return _number(await self._call("eth_getBalance", owner, "latest"))
        data = BALANCE_OF + owner.removeprefix("0x").lower().rjust(64, "0")
        found = str(await self._call("eth_call", {"to": token, "data": data}, "latest"))
        return _number(found) if found not in ("0x", "None") else 0

    async def hash_by_nonce(self, wallet: str, nonce: int, first_block: int) -> str | None:
        """The hash of a mined transaction, from the blocks since it was sent; None when it is not among them or the
        node does not show blocks."""
        last = await self.block()
        for number in range(first_block, min(last, first_block + MOST_BLOCKS) + 1):
            try:
                block = await self._call("eth_getBlockByNumber", hex(number), True)
            except MethodUnknown:
                return None
            for each in (block or {}).get("transactions", ()):
                if str(each["from"]).lower() == wallet.lower() and _number(each["nonce"]) == nonce:
                    return str(each["hash"])
        return None

    async def _call(self, method: str, *parameters: object) -> Any:
        asked = {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": list(parameters)}
        try:
            answer = await self._client.post(self._url, json=asked)
            answer.raise_for_status()
            told = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise NodeAway(self._network_id) from error
        if not isinstance(told, Mapping):
            raise NodeAway(self._network_id)
        if (refusal := told.get("error")) is not None:
            if isinstance(refusal, Mapping) and refusal.get("code") in METHOD_UNKNOWN:
                raise MethodUnknown(method)
            raise NodeAway(self._network_id)
        return told.get("result")


def _number(text: object) -> int:
    return int(str(text), 16)
