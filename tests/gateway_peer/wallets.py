"""The wallets whose keys Gateway holds, each sealed with the passphrase of its day."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tests.gateway_peer.errors import BadRequest, Internal
from tests.gateway_peer.keys import evm_address, is_solana_address, solana_address, solana_key

_ADDRESS_OF: Final[dict[str, Callable[[str], str]]] = {"ethereum": evm_address, "solana": solana_address}


@dataclass
class Wallets:
    passphrase: str
    sealed: dict[tuple[str, str], str] = field(default_factory=dict)
    """By chain and address as Gateway writes it: the passphrase that opens it."""
    created: int = 0

    def add(self, chain: str, private_key: str) -> str:
        """The address; a known key is no error."""
        try:
            address = _ADDRESS_OF[_known(chain)](private_key)
        except ValueError as refusal:
            shown = private_key[:5]
            message = f"Unable to retrieve wallet address for provided private key: {shown}..."
            raise BadRequest(message) from refusal
        self.sealed.setdefault((chain, address), self.passphrase)
        return address

    def create(self, chain: str) -> str:
        """The keys are the same in every run."""
        self.created += 1
        secret = hashlib.sha256(f"gateway-peer/{_known(chain)}/{self.created}".encode()).digest()
        return self.add(chain, secret.hex() if chain == "ethereum" else solana_key(secret))

    def remove(self, chain: str, address: str) -> None:
        """An absent EVM address passes as removed; a malformed Solana address does not."""
        if _known(chain) == "solana" and not is_solana_address(address):
            raise Internal(f"Failed to remove wallet: Invalid Solana address format: {address}")
        if found := self.find(chain, address):
            del self.sealed[(chain, found)]

    def find(self, chain: str, address: str) -> str | None:
        """The address as Gateway writes it."""
        matches = (known for kind, known in self.sealed if kind == chain and known.lower() == address.lower())
        return next(matches, None)

    def of(self, chain: str) -> list[str]:
        return [address for kind, address in self.sealed if kind == chain]

    def unlock(self, chain: str, address: str, key_s: float) -> str:
        """Take the key to sign or to read balances; as in Gateway nothing else runs meanwhile."""
        found = self.find(chain, address)
        if found is None:
            raise Internal(f"Failed to load wallet: Wallet not found for address: {address}")
        if key_s:
            time.sleep(key_s)
        if self.sealed[(chain, found)] != self.passphrase:
            raise Internal("Failed to load wallet: invalid password")
        return found


def _known(chain: str) -> str:
    if chain not in _ADDRESS_OF:
        raise BadRequest(f"Unrecognized chain name: {chain}")
    return chain
