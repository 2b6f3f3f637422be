"""The text of one controller, with what it may import from beside it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Self


@dataclass(frozen=True)
class Source:
    """``module`` is the name that it is imported under; ``texts`` are all modules of its package by name."""

    name: str
    kind: str
    module: str
    texts: Mapping[str, str]

    @property
    def digest(self) -> str:
        """32 hex digits: what a run's record says its code was."""
        told = sha256(repr((self.name, self.kind, self.module)).encode())
        for name, text in sorted(self.texts.items()):
            for part in (name, text):
                encoded = part.encode("utf-8", "surrogatepass")
                told.update(len(encoded).to_bytes(8, "big") + encoded)
        return told.hexdigest()[:32]

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "texts": dict(self.texts)}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        return cls(told["name"], told["kind"], told["module"], dict(told["texts"]))
