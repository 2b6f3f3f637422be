"""What a test lets go wrong, and for whom."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import count
from typing import Literal

Kind = Literal[
    "delay", "drop_before", "drop_after", "status_before", "status_after", "truncate_after", "rate_limit", "ban"
]
BEFORE: frozenset[Kind] = frozenset({"delay", "drop_before", "status_before", "rate_limit", "ban"})
"""These happen before the engine sees the request; the others when its effect is already durable."""


@dataclass(slots=True)
class Fault:
    """``path`` is a glob; ``remaining`` counts down to zero, and ``None`` never ends."""

    kind: Kind
    path: str = "*"
    method: str | None = None
    api_key: str | None = None
    remaining: int | None = 1
    delay_ms: int = 0
    status: int = 503
    retry_after_s: int = 1
    id: int = 0
    hits: int = 0

    def matches(self, method: str, path: str, api_key: str | None) -> bool:
        return (
            self.remaining != 0
            and (self.method is None or self.method == method)
            and (self.api_key is None or self.api_key == api_key)
            and fnmatchcase(path, self.path)
        )


class Faults:
    def __init__(self) -> None:
        self._ids = count(1)
        self.active: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        fault.id = next(self._ids)
        self.active.append(fault)
        return fault

    def clear(self, fault_id: int | None = None) -> None:
        self.active = [fault for fault in self.active if fault_id is not None and fault.id != fault_id]

    def strike(self, method: str, path: str, api_key: str | None) -> list[Fault]:
        """The faults for this request, each counted down."""
        if not self.active:
            return []
        struck = [fault for fault in self.active if fault.matches(method, path, api_key)]
        for fault in struck:
            fault.hits += 1
            if fault.remaining is not None:
                fault.remaining -= 1
        return struck
