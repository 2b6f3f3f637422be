"""Envelope encryption for secrets at rest.

Each record has a random data key; every field is sealed with it by AES-256-GCM, its associated data being the record's
context and the field's name, so that a value cannot be moved to another record or field. The data key is wrapped the
same way by a key derived from the config password with scrypt (RFC 7914; N=2^15, r=8, p=1) and a salt of its own.
"""

import base64
import os
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Annotated, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pydantic import BaseModel, PlainSerializer, PlainValidator, SecretStr

NONCE_BYTES: Final = 12
COST: Final = 2**15


def _from_text(value: object) -> bytes:
    return value if isinstance(value, bytes) else base64.b64decode(str(value), validate=True)


Base64 = Annotated[
    bytes, PlainValidator(_from_text), PlainSerializer(lambda raw: base64.b64encode(raw).decode(), return_type=str)
]


class Sealed(BaseModel):
    """What is stored: safe to write down, useless without the config password."""

    version: int = 1
    salt: Base64
    wrapped_key: Base64
    fields: dict[str, Base64]


class VaultError(Exception):
    """The config password is not the one the record was sealed with, or the record was altered."""


class Vault:
    """Opening costs one scrypt run (about 0.1 s of CPU) the first time a record is seen: call it from a thread."""

    def __init__(self, config_password: SecretStr) -> None:
        self._wrapping_key = lru_cache(maxsize=1024)(_derive_from(config_password))

    def seal(self, fields: Mapping[str, str], context: str) -> Sealed:
        salt, key = os.urandom(16), AESGCM.generate_key(256)
        return Sealed(
            salt=salt,
            wrapped_key=_encrypt(self._wrapping_key(salt), key, context),
            fields={name: _encrypt(key, text.encode(), f"{context}/{name}") for name, text in fields.items()},
        )

    def open(self, sealed: Sealed, context: str) -> dict[str, str]:
        key = _decrypt(self._wrapping_key(sealed.salt), sealed.wrapped_key, context)
        return {name: _decrypt(key, raw, f"{context}/{name}").decode() for name, raw in sealed.fields.items()}


def _derive_from(password: SecretStr) -> Callable[[bytes], bytes]:
    def derive(salt: bytes) -> bytes:
        return Scrypt(salt=salt, length=32, n=COST, r=8, p=1).derive(password.get_secret_value().encode())

    return derive


def _encrypt(key: bytes, plain: bytes, context: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def _decrypt(key: bytes, raw: bytes, context: str) -> bytes:
    try:
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode())
    except InvalidTag as error:
        raise VaultError("the config password does not open this record, or the record was altered") from error
