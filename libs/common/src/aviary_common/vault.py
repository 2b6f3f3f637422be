"""Envelope encryption for secrets at rest.

Each record has a random data key; every field is sealed with it by AES-256-GCM, its associated data being the record's
context and the field's name, so that a value cannot be moved to another record or field. The data key is wrapped the
same way by a key derived from the config password with scrypt (RFC 7914; r=8, p=1, the cost N stands in the record)
and a salt of its own. A new config password therefore changes the wrapping only, never the fields.
"""

import base64
import os
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Annotated, Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pydantic import BaseModel, Field, PlainSerializer, PlainValidator, SecretStr

from aviary_common.secrets import ConfigPassword

NONCE_BYTES: Final = 12
COST: Final = 2**15
"""Of what is sealed from now on."""
FIRST_COST: Final = 2**15
"""Of records that do not say it."""

WrappingKey = Callable[[bytes, int], bytes]


def _from_text(value: object) -> bytes:
    return value if isinstance(value, bytes) else base64.b64decode(str(value), validate=True)


Base64 = Annotated[
    bytes, PlainValidator(_from_text), PlainSerializer(lambda raw: base64.b64encode(raw).decode(), return_type=str)
]


class Sealed(BaseModel):
    """What is stored: safe to write down, useless without the config password."""

    version: int = 1
    cost: int = Field(default=FIRST_COST, ge=2**14, le=2**20)
    salt: Base64
    wrapped_key: Base64
    fields: dict[str, Base64]


class VaultError(Exception):
    """The config password is not the one the record was sealed with, or the record was altered."""


class Vault:
    """Opening costs one scrypt run (about 0.1 s of CPU) the first time a record is seen: call it from a thread.

    It seals with the config password, and opens also what an older one has sealed, while there is an older one.
    """

    def __init__(self, config_password: SecretStr) -> None:
        older = config_password.older if isinstance(config_password, ConfigPassword) else ()
        self._current, *self._older = [_derive_from(password) for password in (config_password, *older)]

    def seal(self, fields: Mapping[str, str], context: str) -> Sealed:
        key = AESGCM.generate_key(256)
        return Sealed(
            **self._wrapped(key, context),
            fields={name: _encrypt(key, text.encode(), f"{context}/{name}") for name, text in fields.items()},
        )

    def open(self, sealed: Sealed, context: str) -> dict[str, str]:
        key = self._data_key(sealed, context)
        return {name: _decrypt(key, raw, f"{context}/{name}").decode() for name, raw in sealed.fields.items()}

    def is_current(self, sealed: Sealed, context: str) -> bool:
        """Whether the record needs no older config password, and its key was derived at today's cost."""
        return sealed.cost == COST and _unwrapped(self._current, sealed, context) is not None

    def rewrap(self, sealed: Sealed, context: str) -> Sealed:
        """The same record under the current config password, with a new salt; its fields stay as they are."""
        return sealed.model_copy(update=self._wrapped(self._data_key(sealed, context), context))

    def _wrapped(self, key: bytes, context: str) -> dict[str, Any]:
        salt = os.urandom(16)
        return {"cost": COST, "salt": salt, "wrapped_key": _encrypt(self._current(salt, COST), key, context)}

    def _data_key(self, sealed: Sealed, context: str) -> bytes:
        for derive in (self._current, *self._older):
            if (key := _unwrapped(derive, sealed, context)) is not None:
                return key
        raise VaultError("the config password does not open this record, or the record was altered")


def _unwrapped(derive: WrappingKey, sealed: Sealed, context: str) -> bytes | None:
    try:
        return _decrypt(derive(sealed.salt, sealed.cost), sealed.wrapped_key, context)
    except VaultError:
        return None


def _derive_from(password: SecretStr) -> WrappingKey:
    @lru_cache(maxsize=1024)
    def derive(salt: bytes, cost: int) -> bytes:
        return Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(password.get_secret_value().encode())

    return derive


def _encrypt(key: bytes, plain: bytes, context: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def _decrypt(key: bytes, raw: bytes, context: str) -> bytes:
    try:
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode())
    except InvalidTag as error:
        raise VaultError("the config password does not open this record, or the record was altered") from error
