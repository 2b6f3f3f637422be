"""One encrypted value: the hex form of an Ethereum V3 keyfile (JSON) around a text of any length."""

import hmac
import json
import os
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, Self

from Crypto.Hash import keccak
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pydantic import BaseModel, Field, PlainValidator, ValidationError

from aviary_exchange.hummingbot_files.errors import BrokenFile, WrongPassword

ITERATIONS: Final = 1_000_000
KEY_BYTES: Final = 32
BLOCK_BYTES: Final = 16

Hex = Annotated[bytes, PlainValidator(lambda text: bytes.fromhex(str(text).removeprefix("0x")))]


class _Pbkdf2(BaseModel):
    """Bounded, so that a file cannot ask for an hour of work."""

    c: int = Field(ge=1, le=10_000_000)
    dklen: Literal[32]
    prf: Literal["hmac-sha256"]
    salt: Hex

    def derive(self, password: bytes) -> bytes:
        return PBKDF2HMAC(SHA256(), KEY_BYTES, self.salt, self.c).derive(password)


class _Scrypt(BaseModel):
    n: int = Field(ge=2, le=2**20)
    r: int = Field(ge=1, le=16)
    p: int = Field(ge=1, le=16)
    dklen: Literal[32]
    salt: Hex

    def derive(self, password: bytes) -> bytes:
        return Scrypt(self.salt, KEY_BYTES, self.n, self.r, self.p).derive(password)


class _CipherParams(BaseModel):
    iv: Hex


class _Crypto(BaseModel):
    cipher: Literal["aes-128-ctr"]
    cipherparams: _CipherParams
    ciphertext: Hex
    kdf: Literal["pbkdf2", "scrypt"]
    kdfparams: _Pbkdf2 | _Scrypt
    mac: Hex


class _Keyfile(BaseModel):
    crypto: _Crypto
    version: Literal[3]


@dataclass(frozen=True)
class DerivedKey:
    """Derived once for many values, whose random counters keep them apart."""

    salt: bytes
    key: bytes = field(repr=False)

    @classmethod
    def of(cls, password: str) -> Self:
        """About a second of CPU."""
        salt = os.urandom(16)
        return cls(salt, PBKDF2HMAC(SHA256(), KEY_BYTES, salt, ITERATIONS).derive(password.encode()))


def encrypt(text: str, password: str | DerivedKey) -> str:
    """About a second of CPU, unless the key has been derived before."""
    derived = password if isinstance(password, DerivedKey) else DerivedKey.of(password)
    salt, key = derived.salt, derived.key
    counter = int.from_bytes(os.urandom(BLOCK_BYTES), "big")
    ciphertext = _aes_ctr(key, counter, text.encode())
    document = {
        "crypto": {
            "cipher": "aes-128-ctr",
            "cipherparams": {"iv": _minimal_hex(counter)},
            "ciphertext": ciphertext.hex(),
            "kdf": "pbkdf2",
            "kdfparams": {"c": ITERATIONS, "dklen": KEY_BYTES, "prf": "hmac-sha256", "salt": salt.hex()},
            "mac": _mac(key, ciphertext).hex(),
        },
        "version": 3,
        "alias": "",
    }
    return json.dumps(document).encode().hex()


def decrypt(value: str, password: str, *, where: str = "value") -> str:
    """About a second of CPU. Raises ``BrokenFile`` or ``WrongPassword``, which say ``where``."""
    crypto = _parse(value, where)
    try:
        key = crypto.kdfparams.derive(password.encode())
    except (ValueError, MemoryError) as error:
        raise BrokenFile(where, "the parameters of its key derivation make no sense") from error
    if not hmac.compare_digest(_mac(key, crypto.ciphertext), crypto.mac):
        raise WrongPassword(where)
    counter = int.from_bytes(crypto.cipherparams.iv, "big")
    try:
        return _aes_ctr(key, counter, crypto.ciphertext).decode()
    except UnicodeDecodeError:
        raise BrokenFile(where, "what is encrypted is not text") from None


def _parse(value: str, where: str) -> _Crypto:
    """What is wrong is not told in detail: the content may be a secret that somebody left unencrypted."""
    try:
        crypto = _Keyfile.model_validate_json(bytes.fromhex(value.strip())).crypto
        if len(crypto.cipherparams.iv) > BLOCK_BYTES:
            raise ValueError("too long a counter")
        expected = _Pbkdf2 if crypto.kdf == "pbkdf2" else _Scrypt
        if not isinstance(crypto.kdfparams, expected):
            raise ValueError("parameters of another key derivation")
    except (ValidationError, ValueError):
        raise BrokenFile(where, "this is not a value that Hummingbot has encrypted") from None
    return crypto


def _aes_ctr(key: bytes, counter: int, data: bytes) -> bytes:
    cipher = Cipher(AES(key[:16]), CTR(counter.to_bytes(BLOCK_BYTES, "big"))).encryptor()
    return cipher.update(data) + cipher.finalize()


def _mac(key: bytes, ciphertext: bytes) -> bytes:
    return keccak.new(digest_bits=256, data=key[16:32] + ciphertext).digest()


def _minimal_hex(number: int) -> str:
    """Without leading zero bytes, as Hummingbot's library writes counters."""
    return number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big").hex()
