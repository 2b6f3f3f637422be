"""The folder that this service and gateway-proxy share. Everything here blocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MOUNTED: Final[Mapping[str, str]] = {"conf": "rw", "logs": "rw", "certs": "ro"}
"""What the container sees of it: not the keys of clients and of the authority, which lie beside."""


@dataclass(frozen=True)
class GatewayFolder:
    """``host`` is the same folder as the engine's machine names it."""

    root: Path
    host: Path

    def prepare(self) -> None:
        """For its owner only; without it Docker would make what it mounts for root."""
        for each in (self.root, *(self.root / name for name in MOUNTED)):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
