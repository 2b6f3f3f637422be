"""What the service and its worker tell each other: one request in, two lines out.

The first line is written before any user code runs, so it can be believed; the second is only what that code claims.
"""

import json
from dataclasses import asdict, dataclass
from typing import TypedDict

from aviary_common.confined.limits import Limits


@dataclass(frozen=True)
class Request:
    task: str
    payload: object
    limits: Limits
    readable: list[str]
    """Files and folders that stay readable; nothing stays writable."""
    allow_unconfined: bool
    parent: int
    """Who asks: the worker does not outlive that process."""

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, text: bytes) -> "Request":
        fields = json.loads(text)
        return cls(**{**fields, "limits": Limits(**fields["limits"])})


class Walls(TypedDict):
    """``refused`` says why nothing was run; without ``landlock`` files are only as safe as their permissions."""

    refused: str | None
    landlock: bool


class Failure(TypedDict):
    kind: str
    message: str
    line: int | None
    file: str | None
