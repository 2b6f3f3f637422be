"""The text of one controller or script, with what it may import from beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

Kind = Literal["controller", "script"]


@dataclass(frozen=True)
class Source:
    """``module`` is the name that Hummingbot imports it under; ``texts`` are all modules of its package by name."""

    kind: Kind
    name: str
    module: str
    texts: Mapping[str, str]

    @property
    def content(self) -> str:
        return self.texts[self.module]

    @property
    def digest(self) -> bytes:
        hashed = blake2b(repr((self.kind, self.name, self.module)).encode(), digest_size=16)
        for name, text in sorted(self.texts.items()):
            for part in (name, text):
                encoded = part.encode("utf-8", "surrogatepass")
                hashed.update(len(encoded).to_bytes(8, "big") + encoded)
        return hashed.digest()

    def payload(self) -> dict[str, object]:
        return {"kind": self.kind, "name": self.name, "module": self.module, "sources": dict(self.texts)}
