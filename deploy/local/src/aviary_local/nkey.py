"""NATS account keys: an ed25519 pair in NATS' own base32 text form."""

import base64
import binascii
from typing import NamedTuple

_SEED = 18 << 3
_ACCOUNT = 0


class AccountKey(NamedTuple):
    seed: str
    public: str


def new_account_key() -> AccountKey:
    """`seed` ("SA...") signs what the callout answers and stays secret; `public` ("A...") goes into NATS' config."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    # 5 bits of "this is a seed", then 8 bits of "of an account", padded to two bytes.
    head = bytes([_SEED | (_ACCOUNT >> 5), (_ACCOUNT & 31) << 3])
    return AccountKey(
        _text(head + key.private_bytes_raw()), _text(bytes([_ACCOUNT]) + key.public_key().public_bytes_raw())
    )


def _text(raw: bytes) -> str:
    checksum = binascii.crc_hqx(raw, 0).to_bytes(2, "little")
    return base64.b32encode(raw + checksum).rstrip(b"=").decode()
