"""Each entry's hash covers the entry and the hash before it, so a changed or missing entry shows in all that follow.

What it cannot show: that the newest entries were cut off, or that somebody with the database's password wrote the whole
chain anew. For that, keep the head (``seq`` and ``hash``) somewhere else and compare.
"""

from datetime import UTC
from hashlib import sha256
from typing import Final

import orjson

from aviary_common.audit import AuditEntry

ORIGIN: Final = bytes(32)
"""Before the first entry."""


def hash_of(previous: bytes, seq: int, entry: AuditEntry) -> bytes:
    document = entry.model_dump() | {"seq": seq, "id": str(entry.id), "at": entry.at.astimezone(UTC).isoformat()}
    return sha256(previous + orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).digest()
