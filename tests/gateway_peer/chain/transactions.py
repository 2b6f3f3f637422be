"""A transaction, and what is to become of it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import BaseModel

Effect = Callable[[], Mapping[str, int]]
"""What a contract does when the transaction is mined; it returns raw amounts, or raises ``Reverted``."""

GAS_USED = 150_000
GAS_PRICE_WEI = 2 * 10**9
GAS_WEI = GAS_USED * GAS_PRICE_WEI


class End(StrEnum):
    MINED = "mined"
    REVERTED = "reverted"
    DROPPED = "dropped"
    REPLACED = "replaced"
    """Dropped, because the wallet's owner has sent another one with its nonce, past Gateway."""


class Fate(BaseModel):
    """What the control plane decided for a transaction: its end, and how long it hangs in the mempool before."""

    end: End = End.MINED
    held: bool = False
    """Until the control plane releases it."""
    polls: int = 0
    """Ends when somebody has asked this often for it."""
    low_fee: bool = False
    """Gateway polls it as stuck (3) and not as pending (2)."""
    skip: int = 0
    """So many transactions pass before it: a Permit2 approval is two."""

    @property
    def at_once(self) -> bool:
        return not self.held and not self.polls


@dataclass
class Transaction:
    hash: str
    sender: str
    to: str
    nonce: int
    effect: Effect
    fate: Fate
    polls: int = 0
    block: int | None = None
    status: int | None = None
    amounts: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""

    @property
    def is_mined(self) -> bool:
        return self.block is not None


def nothing() -> Mapping[str, int]:
    """The effect of a transaction that nobody here has asked for."""
    return {}


def transaction_hash(network: str, sender: str, nonce: int, count: int) -> str:
    """The same run gives the same hashes; a nonce used again gives another."""
    return "0x" + hashlib.sha256(f"{network}/{sender.lower()}/{nonce}/{count}".encode()).hexdigest()
