"""What is true of a wallet before it sends, so that a lost answer can be told from a lost transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aviary_gateway_proxy.transactions.node import Node


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``balances`` by token address in the smallest units; ``domain`` is what the kind of transaction remembers."""

    nonce: int | None = None
    block: int | None = None
    balances: Mapping[str, int] = field(default_factory=dict)
    domain: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        return {
            "nonce": self.nonce,
            "block": self.block,
            "balances": {token: str(raw) for token, raw in self.balances.items()},
            **({"domain": dict(self.domain)} if self.domain else {}),
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Snapshot":
        balances = {token: int(raw) for token, raw in (kept.get("balances") or {}).items()}
        return cls(kept.get("nonce"), kept.get("block"), balances, kept.get("domain") or {})


async def take(node: Node | None, wallet: str, tokens: Sequence[str], domain: Mapping[str, Any]) -> Snapshot:
    """Raises ``NodeAway``: what could not be followed is not sent."""
    if node is None:
        return Snapshot(domain=domain)
    nonces = await node.nonces(wallet)
    balances = {token: await node.balance(token, wallet) for token in tokens}
    return Snapshot(nonces.mined, await node.block(), balances, domain)
