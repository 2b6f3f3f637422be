"""NATS' keys: ed25519, written in base32 with a type in front and a checksum behind."""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ACCOUNT: Final = 0
_SERVER: Final = 13 << 3
_SEED_OF_ACCOUNT: Final = bytes([18 << 3, _ACCOUNT])
_KEY_BYTES: Final = 32


@dataclass(frozen=True)
class AccountKey:
    """Signs what the callout answers; ``public`` ("A...") is how NATS knows the signer."""

    public: str
    _private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def from_seed(cls, seed: str) -> "AccountKey":
        """ValueError, which says nothing about the text, unless it is an account's seed ("SA...")."""
        private = Ed25519PrivateKey.from_private_bytes(_decode(seed, _SEED_OF_ACCOUNT))
        return cls(_encode(bytes([_ACCOUNT]), private.public_key().public_bytes_raw()), private)

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)


def signed_by_server(public: str, message: bytes, signature: bytes) -> bool:
    """Whether ``public`` ("N...") is a server's key and the signature is its own."""
    try:
        Ed25519PublicKey.from_public_bytes(_decode(public, bytes([_SERVER]))).verify(signature, message)
    except (ValueError, InvalidSignature):
        return False
    return True


def _encode(head: bytes, key: bytes) -> str:
    checksum = binascii.crc_hqx(head + key, 0).to_bytes(2, "little")
    return base64.b32encode(head + key + checksum).rstrip(b"=").decode()


def _decode(text: str, head: bytes) -> bytes:
    try:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        raise ValueError("not a NATS key") from None
    payload, checksum = raw[:-2], raw[-2:]
    if binascii.crc_hqx(payload, 0).to_bytes(2, "little") != checksum or not payload.startswith(head):
        raise ValueError("not a NATS key of this kind")
    if len(payload) != len(head) + _KEY_BYTES:
        raise ValueError("a NATS key of another length")
    return payload[len(head) :]
