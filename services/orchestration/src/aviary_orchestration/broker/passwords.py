"""Bots' passwords: 256 random bits, of which a salted SHA-256 is kept.

Nothing can be guessed, so a hash that is made slow on purpose would only make every CONNECT slow.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

SALT_BYTES: Final = 16
PASSWORD_BYTES: Final = 32


@dataclass(frozen=True)
class PasswordHash:
    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)

    @classmethod
    def of(cls, password: str) -> "PasswordHash":
        salt = secrets.token_bytes(SALT_BYTES)
        return cls(salt, _digest(salt, password))

    def matches(self, password: str) -> bool:
        return hmac.compare_digest(self.digest, _digest(self.salt, password))


def new_password() -> str:
    """Hexadecimal: it survives YAML, environment variables and command lines as it is."""
    return secrets.token_hex(PASSWORD_BYTES)


def _digest(salt: bytes, password: str) -> bytes:
    return sha256(salt + password.encode("utf-8", "surrogatepass")).digest()
