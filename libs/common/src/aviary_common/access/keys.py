"""API keys: ``avk_<id>_<secret>``, with a prefix that scanners for secrets can know them by."""

import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

_FORM: Final = re.compile(r"avk_(?P<id>[0-9a-f]{16})_[0-9a-f]{64}")


@dataclass(frozen=True)
class ApiKey:
    id: str
    text: str

    @property
    def digest(self) -> str:
        """What is stored: of 256 random bits a plain hash tells nothing."""
        return sha256(self.text.encode()).hexdigest()


def new_key() -> ApiKey:
    key_id = secrets.token_hex(8)
    return ApiKey(key_id, f"avk_{key_id}_{secrets.token_hex(32)}")


def parse_key(text: str) -> ApiKey | None:
    """None for what is no key of ours."""
    match = _FORM.fullmatch(text)
    return None if match is None else ApiKey(match["id"], text)
