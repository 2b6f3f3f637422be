"""Addresses of accounts, tokens and transactions: checked before Gateway sees them. Plain rules on plain values."""

import re
from typing import Final

from Crypto.Hash import keccak

from aviary_common.errors import Unprocessable

ETHEREUM: Final = "ethereum"
SOLANA: Final = "solana"

EVM_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}")
EVM_HASH: Final = re.compile(r"0x[0-9a-fA-F]{64}")
BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
SOLANA_ADDRESS_BYTES: Final = 32
SOLANA_SIGNATURE_BYTES: Final = 64
LONGEST: Final = 120


def keccak256(data: bytes) -> bytes:
    digest: bytes = keccak.new(digest_bits=256, data=data).digest()
    return digest


def checksummed(address: str) -> str:
    """EIP-55: a letter is a capital where the hash of the lower-case address has a digit of at least 8."""
    plain = address.lower().removeprefix("0x")
    digest = keccak256(plain.encode()).hex()
    return "0x" + "".join(each.upper() if int(digest[at], 16) >= 8 else each for at, each in enumerate(plain))


def evm_address(text: str, what: str = "address") -> str:
    """With its checksum. 422 for anything but ``0x`` and 40 hex digits, and for mixed case with a wrong checksum:
    one digit of it was mistyped."""
    if not EVM_ADDRESS.fullmatch(text):
        raise _malformed(what, text, "an EVM address is 0x and 40 hex digits")
    digits, right = text[2:], checksummed(text)
    if digits not in (digits.lower(), digits.upper()) and text != right:
        raise _malformed(what, text, "its checksum (EIP-55) does not fit, so a digit is wrong")
    return right


def solana_address(text: str, what: str = "address") -> str:
    """422 for anything but 32 bytes in base58."""
    if _base58_length(text) != SOLANA_ADDRESS_BYTES:
        raise _malformed(what, text, "a Solana address is 32 bytes in base58")
    return text


def address_on(chain: str, text: str, what: str = "address") -> str:
    """As the chain writes it; chains that nobody here knows are left to Gateway."""
    if chain == ETHEREUM:
        return evm_address(text, what)
    return solana_address(text, what) if chain == SOLANA else text


def is_address_on(chain: str, text: str) -> bool:
    """Whether it has an address's form and is no symbol; the checksum is not looked at."""
    if chain == ETHEREUM:
        return bool(EVM_ADDRESS.fullmatch(text))
    return _base58_length(text) == SOLANA_ADDRESS_BYTES


def same_address(chain: str, one: str, other: str) -> bool:
    """Case is a checksum on EVM chains, and another address on Solana."""
    return one.lower() == other.lower() if chain == ETHEREUM else one == other


def transaction_on(chain: str, text: str) -> str:
    """The hash or signature of a transaction; 422 when it can't be one."""
    if chain == ETHEREUM and not EVM_HASH.fullmatch(text):
        raise _malformed("transaction hash", text, "an EVM transaction's hash is 0x and 64 hex digits")
    if chain == SOLANA and _base58_length(text) != SOLANA_SIGNATURE_BYTES:
        raise _malformed("signature", text, "a Solana signature is 64 bytes in base58")
    return text


def _base58_length(text: str) -> int | None:
    """In bytes; None for what is no base58."""
    if not text or len(text) > LONGEST or any(each not in BASE58 for each in text):
        return None
    number = 0
    for each in text:
        number = number * 58 + BASE58.index(each)
    zeros = len(text) - len(text.lstrip("1"))
    return zeros + (number.bit_length() + 7) // 8


def _malformed(what: str, text: str, why: str) -> Unprocessable:
    """An address is shown; what is much longer might be a private key that went into the wrong field."""
    shown = repr(text) if len(text) <= len("0x") + 40 + 4 else f"of {len(text)} characters"
    return Unprocessable(f"The {what} {shown} is malformed: {why}.", code="malformed_address")
