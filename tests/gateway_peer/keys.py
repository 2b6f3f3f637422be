"""Addresses of private keys: EVM with its checksum, Solana in base58."""

from typing import Final

from Crypto.Hash import keccak
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def evm_address(private_key: str) -> str:
    """Of 32 bytes in hex, with or without 0x; ``ValueError`` for anything else."""
    raw = bytes.fromhex(private_key.removeprefix("0x"))
    if len(raw) != 32:
        raise ValueError("not 32 bytes")
    numbers = ec.derive_private_key(int.from_bytes(raw), ec.SECP256K1()).public_key().public_numbers()
    return checksummed(_keccak(numbers.x.to_bytes(32) + numbers.y.to_bytes(32))[-20:].hex())


def checksummed(plain: str) -> str:
    """EIP-55: a letter is a capital where the hash of the address says so."""
    digest = _keccak(plain.encode()).hex()
    return "0x" + "".join(each.upper() if int(digest[at], 16) > 7 else each for at, each in enumerate(plain))


def solana_address(private_key: str) -> str:
    """Of 64 bytes in base58: the secret, then the public key; ``ValueError`` for anything else."""
    raw = base58_bytes(private_key)
    if len(raw) != 64:
        raise ValueError("not 64 bytes")
    public = solana_public(raw[:32])
    if public != raw[32:]:
        raise ValueError("the public key is another's")
    return base58(public)


def solana_key(secret: bytes) -> str:
    return base58(secret + solana_public(secret))


def solana_public(secret: bytes) -> bytes:
    key = Ed25519PrivateKey.from_private_bytes(secret).public_key()
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def is_solana_address(text: str) -> bool:
    try:
        return len(base58_bytes(text)) == 32
    except ValueError:
        return False


def base58(raw: bytes) -> str:
    number, text = int.from_bytes(raw), ""
    while number:
        number, digit = divmod(number, 58)
        text = _ALPHABET[digit] + text
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + text


def base58_bytes(text: str) -> bytes:
    number = 0
    for each in text:
        number = number * 58 + _ALPHABET.index(each)
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def _keccak(data: bytes) -> bytes:
    digest: bytes = keccak.new(digest_bits=256, data=data).digest()
    return digest
